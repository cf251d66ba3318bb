"""How much memory work may take, pages that are kept, arrays on disk."""
