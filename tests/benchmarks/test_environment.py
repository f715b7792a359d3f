from __future__ import annotations

from benchmarks.environment import let_libraries_choose


def test_what_chooses_kernels_and_threads_is_taken_out_and_nothing_else() -> None:
    environment = {
        "HOME": "/",
        "OPENBLAS_CORETYPE": "Haswell",
        "OMP_NUM_THREADS": "1",
        "KERAS_BACKEND": "jax",
        "MY_OMP_NOTES": "",
    }
    let_libraries_choose(environment)
    assert [*environment] == ["HOME", "KERAS_BACKEND", "MY_OMP_NOTES"]
