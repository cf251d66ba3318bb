import sys
from types import ModuleType

import pytest

from rampviewer.core._jit import kernel
from rampviewer.model.kernels.compiling import is_compiling


def test_a_kernel_at_the_compiler_is_seen(monkeypatch):
    seen = []

    @kernel
    def double(x):
        return 2 * x

    def compile_nothing(*_):
        seen.append(is_compiling())
        raise ValueError("as far as that")

    module = ModuleType("rampviewer.core.of_a_test")
    module.double = double
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(double.compiled._compiler, "compile", compile_nothing)
    assert not is_compiling()
    with pytest.raises(ValueError, match="as far as that"):
        double(1)
    assert seen == [True]
    assert not is_compiling()
