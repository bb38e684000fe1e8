"""Minor units of currencies (ISO 4217, amendment 176)."""

from __future__ import annotations

# Codes whose minor unit is not a hundredth, by its number of decimals.
DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
}


def minor_unit(currency: str) -> float:
    """Smallest amount that exists in a currency [currency].

    >>> minor_unit("EUR"), minor_unit("JPY"), minor_unit("KWD")
    (0.01, 1.0, 0.001)
    """
    for decimals, codes in DECIMALS.items():
        if currency in codes.split():
            return float(10.0**-decimals)
    return 0.01
