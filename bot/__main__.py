"""`python -m bot` is `mailbot`."""

from bot.cli import main

main()
