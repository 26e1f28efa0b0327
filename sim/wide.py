"""Rows of eight words at a time, one word for each of eight runs side by side; and a row of an array as a named tuple.

Written in the compiler's own terms. Left to itself it reads one word of eight neighbours instead of eight words of one,
which lie side by side in memory, moves words one at a time, and copies a whole tuple for each of its fields.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 8  # 64-bit words in a row: a line of the processor's cache, and one of its widest registers
_WORD = ir.IntType(64)
_ROW = ir.VectorType(_WORD, WIDTH)


def _word_at(context, builder, kind, array, i, j):
    """Return the place of the word in row i, column j of a contiguous array."""
    array = context.make_array(kind)(context, builder, array)
    n_columns = builder.extract_value(array.shape, 1)
    data = builder.bitcast(array.data, _WORD.as_pointer())
    return builder.gep(data, [builder.add(builder.mul(i, n_columns), j)])


@intrinsic
def add_rows(_typing_context, shown, neighbours, tie, last, total, j):
    """Write into row j of `total` the sum of the rows of `shown` that neighbours[tie..last] name.

    All three are contiguous; `shown` and `total` have rows of `WIDTH` words. Nothing is checked.
    """

    def generate(context, builder, signature, arguments):
        kinds = signature.args
        names = context.make_array(kinds[1])(context, builder, arguments[1]).data
        summed = cgutils.alloca_once_value(builder, ir.Constant(_ROW, [0] * WIDTH))
        with cgutils.for_range_slice(builder, arguments[2], arguments[3], _WORD(1), _WORD, inc=True) as (i, _):
            other = builder.zext(builder.load(builder.gep(names, [i])), _WORD)
            place = _word_at(context, builder, kinds[0], arguments[0], other, _WORD(0))
            row = builder.load(builder.bitcast(place, _ROW.as_pointer()), align=8)
            builder.store(builder.add(builder.load(summed), row), summed)
        place = _word_at(context, builder, kinds[4], arguments[4], arguments[5], _WORD(0))
        builder.store(builder.load(summed), builder.bitcast(place, _ROW.as_pointer()), align=8)
        return context.get_dummy_value()

    return types.void(shown, neighbours, types.uint64, types.uint64, total, types.uint64), generate


@intrinsic
def turn_block(_typing_context, source, i, j, target, k, m):
    """Copy the block of `WIDTH` rows and columns at source[i, j] to target[k, m], its rows as columns."""

    def generate(context, builder, signature, arguments):
        source, i, j, target, k, m = arguments
        rows = []
        for r in range(WIDTH):
            place = _word_at(context, builder, signature.args[0], source, builder.add(i, _WORD(r)), j)
            rows.append(builder.load(builder.bitcast(place, _ROW.as_pointer()), align=8))
        for half in (4, 2, 1):  # swap quarters of blocks of 8, then of 4, then of 2
            low = [c if not c & half else c - half + WIDTH for c in range(WIDTH)]
            high = [c + half if not c & half else c + WIDTH for c in range(WIDTH)]
            turned = list(rows)
            for r in range(WIDTH):
                if not r & half:
                    for which, mask in ((r, low), (r + half, high)):
                        mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), mask)
                        turned[which] = builder.shuffle_vector(rows[r], rows[r + half], mask)
            rows = turned
        for r in range(WIDTH):
            place = _word_at(context, builder, signature.args[3], target, builder.add(k, _WORD(r)), m)
            builder.store(rows[r], builder.bitcast(place, _ROW.as_pointer()), align=8)
        return context.get_dummy_value()

    return types.void(source, types.uint64, types.uint64, target, types.uint64, types.uint64), generate


def tuple_reader(tuple_type):
    """Return a compiled function (array, i, j) that reads array[i, j] as a named tuple of floats."""

    @intrinsic
    def read(_typing_context, array, i, j):
        count = len(tuple_type._fields)
        result = types.NamedUniTuple(types.float64, count, tuple_type)

        def generate(context, builder, signature, arguments):
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            rows, columns = (builder.extract_value(array.shape, axis) for axis in (1, 2))
            place = builder.mul(builder.add(builder.mul(arguments[1], rows), arguments[2]), columns)
            values = [builder.load(builder.gep(array.data, [builder.add(place, _WORD(f))])) for f in range(count)]
            return context.make_tuple(builder, result, values)

        return result(array, types.int64, types.int64), generate

    return read
