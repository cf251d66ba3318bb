"""Every command of the menus, with its keys; and the keys that panels know themselves."""

from dataclasses import dataclass

SEPARATE = ",  "  # two keys of one command


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One entry of a menu.

    Attributes
    ----------
    name : str
        By which the wiring asks for its action.
    text : str
        With the mnemonic marked by "&".
    keys : tuple of str
        Shortcuts as Qt writes them; the first one stands in the menu.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    is_checkable: bool = False

    @property
    def plain(self) -> str:
        """The text without marks for the menu."""
        return self.text.replace("&", "").removesuffix("...")


def _entry(name: str, text: str, *keys: str) -> Command:
    return Command(name=name, text=text, keys=keys)


def _choice(name: str, text: str, *keys: str) -> Command:
    return Command(name=name, text=text, keys=keys, is_checkable=True)


Sections = tuple[tuple[Command, ...], ...]  # with a line between two of them

MENUS: dict[str, Sections] = {
    "&File": (
        (
            _entry("open", "&Open...", "Ctrl+O"),
            _entry("series", "Open all se&gments as one"),
            _entry("references", "Re&ferences..."),
        ),
        (
            _entry("export", "&Export products...", "Ctrl+E"),
            _entry("sheet", "Save &sheet on the pixel...", "Ctrl+Shift+S"),
            _entry("screenshot", "Save &picture of the window...", "Ctrl+Shift+P"),
        ),
        (
            _entry("save_image", "Save picture of the &image..."),
            _entry("save_image_numbers", "Save values of the image..."),
            _entry("save_histogram", "Save picture of the &histogram..."),
            _entry("save_histogram_numbers", "Save values of the histogram..."),
            _entry("save_second_image", "Save picture of the second image..."),
            _entry("save_second_image_numbers", "Save values of the second image..."),
            _entry("save_second_histogram", "Save picture of the second histogram..."),
            _entry(
                "save_second_histogram_numbers", "Save values of the second histogram..."
            ),
            _entry("save_ramp", "Save pict&ure of the ramp..."),
            _entry("save_ramp_numbers", "Save values of the ramp..."),
        ),
        (
            _choice("samp", "SA&MP: talk with other programs"),
            _entry("samp_send", "Send ra&te image through SAMP"),
        ),
        (_entry("quit", "&Quit", "Ctrl+Q"),),
    ),
    "&Edit": (
        (
            _entry("undo", "&Undo parameters", "Ctrl+Z"),
            _entry("redo", "&Redo parameters", "Ctrl+Shift+Z", "Ctrl+Y"),
        ),
        (
            _entry("copy_report", "&Copy report on the pixel", "Ctrl+Shift+C"),
            _entry("copy_image", "Copy picture of the &image"),
            _entry("copy_histogram", "Copy picture of the &histogram"),
            _entry("copy_second_image", "Copy picture of the &second image"),
            _entry("copy_second_histogram", "Copy picture of the second histogram"),
            _entry("copy_ramp", "Copy picture of the ra&mp"),
        ),
    ),
    "&View": (
        (
            _entry("fit", "&Fit the image", "Ctrl+0"),
            _choice("second_image", "&Second image", "S"),
            _choice("flags", "F&lags above the image", "D"),
            _choice("ellipses", "&Ellipses of large events", "L"),
            _choice("movie", "&Play the groups", "M"),
            _entry("faster", "Play faster", "]"),
            _entry("slower", "Play slower", "["),
        ),
        (
            _entry("previous_group", "Previous group", ","),
            _entry("next_group", "Next group", "."),
            _entry("previous_integration", "Previous integration", "PgUp"),
            _entry("next_integration", "Next integration", "PgDown"),
            _entry("go_to", "&Go to pixel x, y", "G"),
            _choice("freeze", "F&reeze what the mouse shows", "F"),
        ),
        (
            _entry("previous_jump", "Previous jump", "P"),
            _entry("next_jump", "Next jump", "N"),
            _entry("previous_change", "Previous changed flag", "Shift+P"),
            _entry("next_change", "Next changed flag", "Shift+N"),
            _entry("previous_event", "Previous large event", "Alt+P"),
            _entry("next_event", "Next large event", "Alt+N"),
        ),
        (
            _entry("pin", "Pi&n or unpin the pixel", "Space"),
            _entry("clear_pins", "Remove &all pins"),
        ),
        (
            _entry("next_panel", "Next panel below the ramp", "Ctrl+Tab"),
            _entry("previous_panel", "Previous panel below the ramp", "Ctrl+Shift+Tab"),
        ),
        (
            _choice("system", "System colours"),
            _choice("light", "Light colours"),
            _choice("dark", "Dark colours"),
        ),
    ),
    "Re&gions": (
        (
            _choice("draw_rectangle", "Draw a &rectangle", "Shift+R"),
            _choice("draw_circle", "Draw a &circle", "Shift+C"),
            _choice("draw_polygon", "Draw a &polygon", "Shift+G"),
        ),
        (
            _entry("new_rectangle", "R&ectangle at the selected pixel", "Ctrl+Shift+R"),
            _entry("new_circle", "C&ircle at the selected pixel", "Ctrl+Shift+I"),
            _entry("new_polygon", "P&olygon at the selected pixel", "Ctrl+Shift+G"),
        ),
        (
            _entry("previous_region", "Pre&vious region", "Ctrl+["),
            _entry("next_region", "&Next region", "Ctrl+]"),
            _entry("unselect_region", "Selec&t none"),
            _entry("rename_region", "Rena&me the region", "F2"),
            _entry("delete_region", "&Delete the region", "Del"),
        ),
        (
            _entry("load_regions", "&Load regions...", "Ctrl+Shift+O"),
            _entry("save_regions", "&Save regions...", "Ctrl+Shift+E"),
        ),
        (
            _entry("copy_region", "Copy picture o&f the region's plots"),
            _entry("save_region", "Save pict&ure of the region's plots..."),
            _entry("save_region_numbers", "Save v&alues of the region's ramp..."),
            _entry(
                "save_region_histogram_numbers", "Save values of the region's &histogram..."
            ),
        ),
    ),
    "&Run": (
        (
            _choice("as_delivered", "&As delivered", "Ctrl+1"),
            _choice("live", "&Live", "Ctrl+2"),
            _entry("blink", "&Blink as delivered and live", "B"),
            _choice("pin_run", "P&in the live run to compare with", "Ctrl+3"),
        ),
        (
            _entry("load_parameters", "L&oad parameters..."),
            _entry("save_parameters", "&Save parameters..."),
            _entry("delivered_parameters", "&Use the delivered parameters"),
            _entry("default_parameters", "&Default parameters"),
            _entry("copy_strun", "Copy as s&trun command"),
            _entry("copy_python", "Copy as &Python"),
        ),
        (
            _entry("cancel", "&Cancel", "Esc"),
            _entry("memory", "&Memory budget..."),
        ),
    ),
    "&Help": (
        (
            _entry("keys", "&Commands and keys...", "F1", "Ctrl+K"),
            _entry("about", "&About rampviewer"),
        ),
    ),
}

PANEL_KEYS = (  # what no menu holds
    ("Click", "select a pixel"),
    ("Arrow keys", "select the next pixel"),
    ("Shift + arrow keys", "go on by ten pixels"),
    ("Move the mouse", "see the ramp of the pixel below it"),
    ("Wheel, +, -", "zoom the image"),
    ("Drag", "move the image"),
    ("Drag a region", "move it by its line, name or inside; resize it by a handle"),
    ("Ctrl + arrow keys", "move the selected region; with Shift by ten pixels"),
    ("Alt + arrow keys", "make the selected region larger or smaller"),
    ("Enter, Backspace, Esc", "end a polygon, take a corner back, draw no region"),
    ("Double click, Home", "show the whole image"),
    ("1", "one pixel of the detector on one of the screen"),
    ("T, R, E", "show steps, residuals, error bars of the ramp"),
    ("I", "side by side, concatenated or overlaid integrations"),
    ("Z", "ramps from zero"),
    ("X, H", "ramp against time or group; hold its ranges"),
    ("Drag a threshold line", "change that threshold"),
)


def commands() -> tuple[Command, ...]:
    """Return the commands of all menus, in their order."""
    return tuple(
        command for menu in MENUS.values() for section in menu for command in section
    )
