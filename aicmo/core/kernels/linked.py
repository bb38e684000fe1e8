"""Parts of kernels as code that is only linked, so that LLVM works on each kernel once, whole.

Numba optimises every function together with all that it calls, and makes machine code of it, at each level
of the calls: what lies eight calls deep is done eight times. A part is never run by itself, so it can wait.
"""

from collections.abc import Callable
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class _Unattached:
    """Stands where code is attached to its Python environment; parts neither raise nor call Python."""

    def set_env(self, name: str, env: object) -> None:
        """Attach nothing."""


class _Linked(JITCodeLibrary):
    """Intermediate code, kept as it is for the kernels that link it in."""

    @property
    def codegen(self) -> _Unattached:
        return _Unattached()

    def _optimize_final_module(self) -> None:
        """Leave it to the kernels, which see how their parts fit together."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]  # as all of numba
        self._finalized = True


class LinkedCompiler(Compiler):
    """Numba's compiler (a public ``pipeline_class``) with such a library."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile `func` as far as intermediate code."""
        codegen = self.state.targetctx.codegen()
        self.state.library = _Linked(codegen, func.__qualname__)  # type: ignore[no-untyped-call]
        return super().compile_extra(func)  # type: ignore[no-untyped-call]


class DistinctCompiler(LinkedCompiler):
    """The same, with arrays that LLVM may take for distinct."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile `func` with every array marked ``noalias``."""
        self.state.flags.noalias = True
        return super().compile_extra(func)
