"""``python -m tests.typing``: writes into every mistake what the checkers say of it."""

from tests.typing.checkers import CHECKERS, EXPECTED, MISTAKES, said_by

if __name__ == "__main__":
    said = [said_by(checker, MISTAKES) for checker in CHECKERS]
    for program in MISTAKES:
        text = EXPECTED.sub("", program.read_text(encoding="utf-8")).rstrip()
        comments = [line for by_program in said for line in by_program.get(program, [])]
        end = "\n\n" + "\n".join(comments) if comments else ""
        program.write_text(f"{text}{end}\n", encoding="utf-8")
