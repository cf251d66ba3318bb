"""Compile a kernel with all it calls in one go.

numba makes machine code of every compiled function that another one calls, optimises it
again in each of its callers, and keeps it in a file of its own. Here what a kernel calls is
a part of it: known to the type inference, but optimised and made machine code of only
within the kernel that Python calls; so is what numba itself is written in, such as
`np.empty`. That halves the time of the first start, leaves a handful of files to load at
the next, and the code is as quick.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from llvmlite.binding import parse_assembly
from numba.core import errors, sigutils, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.runtime.nrt import rtsys
from numba.core.target_extension import jit_registry

# A frozen app has no source files on disk, and numba cannot cache without them.
_HAS_SOURCES = not getattr(sys, "frozen", False)


@cache
def sources_stamp() -> str:
    """Return what changes with any source file of this package.

    A kernel holds the code and the constants of others: its own file says too little.
    """
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Compiled(CPUDispatcher):
    """A compiled function that Python calls; other kernels take it in as a part."""

    _part: Any = None
    _looked_for_cache = False

    @property
    def _numba_type_(self) -> types.Dispatcher:
        """What the type inference of a caller sees."""
        if self._part is None:
            options = {**self.targetoptions, "no_cpython_wrapper": True}
            self._part = _Part(self.py_func, self.locals, options, _PartCompiler)
        return types.Dispatcher(self._part)

    def compile(self, sig: Any) -> Any:
        """Return the entry point for a signature, from the cache if it is there."""
        self._look_for_cache()
        with _library_in_parts():
            return super().compile(sig)

    def is_kept(self) -> bool:
        """Whether the cache has a version for this machine."""
        self._look_for_cache()
        target: Any = self.targetctx
        machine = target.codegen().magic_tuple()
        return isinstance(self._cache, _Cache) and self._cache.is_kept(machine)

    def _look_for_cache(self) -> None:
        if _HAS_SOURCES and not self._looked_for_cache:
            with suppress(RuntimeError):  # there is no folder that can be written to
                self._cache = _Cache(self.py_func)
            self._looked_for_cache = True


class _Files(CompileResultCacheImpl):
    """What is kept of a compiled kernel."""

    def reduce(self, cres: Any) -> Any:
        """Return it without the code for an optimiser: callers take in a part instead."""
        (name, kind, (machine_code, _)), *others = super().reduce(cres)
        module = cres.library._final_module
        names = [function.name for function in module.functions if _is_defined(function)]
        lines = [f'define void @"{name}"() {{ ret void }}' for name in names]
        variables = [item.name for item in module.global_variables if _is_defined(item)]
        lines += [f'@"{name}" = global i8 0' for name in variables]
        only_names = parse_assembly("\n".join(lines)).as_bitcode()
        return ((name, kind, (machine_code, only_names)), *others)


def _is_defined(value: Any) -> bool:
    return not value.is_declaration


class _Cache(FunctionCache):
    """The files of a kernel; they are out of date when any source file has changed."""

    _impl_class = _Files

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file = IndexDataCacheFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=sources_stamp(),
        )

    def is_kept(self, machine: tuple[Any, ...]) -> bool:
        """Whether there is a file for such a machine."""
        with self._guard_against_spurious_io_errors():
            kept = self._cache_file._load_index()
            return any(key[1] == machine for key in kept)
        return False

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return a version from its file, None where there is none.

        numba would load all that it compiles with first, for 0.3 s; to run what is
        compiled, memory management is enough.
        """
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


class _Part(CPUDispatcher):
    """A function as its callers see it; Python cannot call it."""

    def compile(self, sig: Any) -> Any:
        """Return the key for callers, without looking for files or taking the time."""
        args, return_type = sigutils.normalize_signature(sig)
        compiler: Any = self._compiler  # type: ignore[attr-defined]
        overloads: dict[Any, Any] = self.overloads
        if tuple(args) not in overloads:
            with self._compiling_counter:
                try:
                    self.add_overload(compiler.compile(args, return_type))
                except errors.ForceLiteralArg as error:
                    fold = compiler.fold_argument_types
                    raise error.bind_fold_arguments(lambda *to: fold(*to)[1]) from None
        return overloads[tuple(args)].entry_point

    def add_overload(self, cres: Any) -> None:
        """Let callers find a compiled version by a key in place of a Python function."""
        key = object()
        self.targetctx.insert_user_function(key, cres.fndesc, [cres.library])
        self.overloads[tuple(cres.signature.args)] = cres._replace(entry_point=key)


class _PartCompiler(Compiler):
    """Stops before machine code."""

    def define_pipelines(self) -> list[Any]:
        """Return the passes of any function, but with a library that is not finished."""
        state = self.state
        state.flags.no_compile = True
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        pipelines: list[Any] = super().define_pipelines()
        return pipelines


class _PartLibrary(JITCodeLibrary):
    """Code of a function and of what it calls, for the optimiser of whoever takes it in."""

    def finalize(self) -> None:
        """Take in what is called, and leave it at that."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


# What numba calls the machines that functions are written for: any, or this one.
_TARGETS = "generic", "CPU"


@contextmanager
def _library_in_parts() -> Iterator[None]:
    """Take in what numba implements functions of numpy with as parts, too.

    It asks for a decorator for them by these names, which otherwise nobody knows.
    """
    with global_compiler_lock:
        new = [target for target in _TARGETS if target not in jit_registry]
        for target in new:
            jit_registry[target] = _as_part
        try:
            yield
        finally:
            for target in new:
                del jit_registry[target]


def _as_part(**options: Any) -> Callable[[Any], _Part]:
    """Return what makes a part of a function of numba."""
    options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return lambda function: _Part(function, {}, options, _PartCompiler)
