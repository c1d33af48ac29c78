"""Every combination of choices, once."""

from careshift import multiverse


def test_explore_takes_every_combination() -> None:
    frame = multiverse.explore(lambda a, b, c: a * b + c, {"a": (1, 2), "b": (10, 20)}, c=1)
    assert frame["value"].tolist() == [11, 21, 21, 41]
    assert list(frame.columns) == ["a", "b", "value"]


def test_choices_keep_labels_and_votes() -> None:
    frame = multiverse.explore(lambda a: a, {"a": (1.0, 2.0)}).assign(decides=[True, False])
    made = multiverse.as_choices(frame)
    assert [(c.label, c.value, c.decides) for c in made] == [("1.0", 1.0, True), ("2.0", 2.0, False)]
