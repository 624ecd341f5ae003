"""``python -m rds`` and the command ``rds``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from rds.cli.app import app

    app()


if __name__ == "__main__":
    main()
