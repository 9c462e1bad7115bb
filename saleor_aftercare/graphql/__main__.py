"""Write ``schema.graphql`` anew: ``python -m saleor_aftercare.graphql`` under DJANGO_SETTINGS_MODULE."""

import django


def main() -> None:
    """Print the schema over the committed file."""
    django.setup()
    from saleor_aftercare.graphql.schema import PRINTED, printed_schema

    PRINTED.write_text(printed_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
