"""Exponential, logarithm and normal quantile in pure arithmetic, the same bits everywhere.

Python, NumPy, compiled code and JavaScript each bring their own ``exp`` and ``log`` and they differ in the
last place. A model that promises equal results to the last bit cannot use them. The functions here use only
``+ - * /``, comparisons and powers of two, which IEEE 754 defines exactly.

Every function works on plain Python numbers and, unchanged, inside compiled code.
"""

from __future__ import annotations

import math

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload, register_jitable

LOG2_E = 1.4426950408889634  # 1 / ln 2
LN2_HIGH = 0.6931471803691238  # ln 2 in two parts, so that n * LN2_HIGH is exact for |n| < 2**20
LN2_LOW = 1.9082149292705877e-10
LOWEST_EXPONENT = -700.0


def power_of_two(n):
    """Return 2**n exactly for an integer n in [-1022, 1023]."""
    return math.ldexp(1.0, n)


@intrinsic
def _double_from_bits(_typing_context, _bits):
    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@overload(power_of_two)
def _compiled_power_of_two(n):
    # The same exact number, written straight into the exponent field: a call to ldexp would not vectorise.
    def compiled(n):
        return _double_from_bits((n + 1023) << 52)

    return compiled


@register_jitable(forceinline=True)
def exponential(x):
    """Return e**x for x <= 0, within 3 units in the last place.

    Splits x into n ln 2 + r with abs(r) <= ln(2)/2 and sums the Taylor series of e**r to degree 12, whose remainder is
    below 2e-16. Arguments below -700 count as -700 (1e-304): such an option is never chosen.

    Parameters
    ----------
    x : float
        At most 40; meant for utilities measured from the best one, so never positive in the model.
    """
    x = x if x > -700.0 else -700.0
    shifted = x * 1.4426950408889634 + 0.5
    n = int(shifted)
    n = n - 1 if shifted < n else n  # int() truncates toward zero; this is floor
    r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    p = 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * power_of_two(n)


@register_jitable(forceinline=True)
def logarithm(x):
    """Return the natural logarithm of x in [1e-300, 1], accurate to about 1e-15.

    Doubles x until it lies in [0.7, 1.4], then sums the series of ln x = 2 artanh((x - 1) / (x + 1)).
    """
    n = 0
    while x < 0.7:
        x = x * 2.0
        n += 1
    z = (x - 1.0) / (x + 1.0)
    square = z * z
    total = 0.0
    for k in range(12, -1, -1):
        total = total * square + 1.0 / (2 * k + 1)
    return 2.0 * z * total - n * 0.6931471805599453


@register_jitable(forceinline=True)
def normal_quantile(u):
    """Return the standard normal quantile of u in (0, 1); relative error below 1e-15.

    Algorithm AS 241 (Wichura, 1988), with the square root (exact in IEEE 754) and our own logarithm.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727
        top = top * r + 33430.575583588128105
        top = top * r + 67265.770927008700853
        top = top * r + 45921.953931549871457
        top = top * r + 13731.693765509461125
        top = top * r + 1971.5909503065514427
        top = top * r + 133.14166789178437745
        top = top * r + 3.387132872796366608
        low = 5226.495278852545925
        low = low * r + 28729.085735721942674
        low = low * r + 39307.89580009271061
        low = low * r + 21213.794301586595867
        low = low * r + 5394.1960214247511077
        low = low * r + 687.1870074920579083
        low = low * r + 42.313330701600911252
        low = low * r + 1.0
        return q * top / low
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-logarithm(tail))
    if r <= 5.0:
        r = r - 1.6
        top = 7.7454501427834140764e-4
        top = top * r + 0.0227238449892691845833
        top = top * r + 0.24178072517745061177
        top = top * r + 1.27045825245236838258
        top = top * r + 3.64784832476320460504
        top = top * r + 5.7694972214606914055
        top = top * r + 4.6303378461565452959
        top = top * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9
        low = low * r + 5.475938084995344946e-4
        low = low * r + 0.0151986665636164571966
        low = low * r + 0.14810397642748007459
        low = low * r + 0.68976733498510000455
        low = low * r + 1.6763848301838038494
        low = low * r + 2.05319162663775882187
        low = low * r + 1.0
    else:
        r = r - 5.0
        top = 2.01033439929228813265e-7
        top = top * r + 2.71155556874348757815e-5
        top = top * r + 0.0012426609473880784386
        top = top * r + 0.026532189526576123093
        top = top * r + 0.29656057182850489123
        top = top * r + 1.7848265399172913358
        top = top * r + 5.4637849111641143699
        top = top * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15
        low = low * r + 1.4215117583164458887e-7
        low = low * r + 1.8463183175100546818e-5
        low = low * r + 7.868691311456132591e-4
        low = low * r + 0.0148753612908506148525
        low = low * r + 0.13692988092273580531
        low = low * r + 0.59983220655588793769
        low = low * r + 1.0
    value = top / low
    return -value if q < 0.0 else value
