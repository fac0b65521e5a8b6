"""Run the command line as `python -m adr_app`."""

from adr_app.cli import main

if __name__ == "__main__":
    main()
