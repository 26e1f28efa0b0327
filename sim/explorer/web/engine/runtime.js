// What the generated rules stand on: exact arithmetic that JavaScript writes differently from Python.

// The 64-bit product of two 32-bit words, in two words (sim.streams._multiply).
function _multiply(a, b) {
  const a1 = a >>> 16, a0 = a & 0xffff, b1 = b >>> 16, b0 = b & 0xffff;
  const low = a0 * b0, left = a1 * b0, right = a0 * b1;
  const middle = (low >>> 16) + (left & 0xffff) + (right & 0xffff);
  const high = a1 * b1 + (left >>> 16) + (right >>> 16) + (middle >>> 16);
  return [high >>> 0, ((middle << 16) | (low & 0xffff)) >>> 0];
}

// 2**n written straight into the exponent field, because Math.pow promises no exact result (sim.arithmetic.power_of_two).
const power_bits = new DataView(new ArrayBuffer(8));
function power_of_two(n) {
  power_bits.setUint32(0, (n + 1023) << 20);
  power_bits.setUint32(4, 0);
  return power_bits.getFloat64(0);
}

// Python's int(): towards zero, and there is no negative zero among whole numbers.
function whole(x) {
  return Math.trunc(x) + 0;
}

// Python's round() to a whole number: halves go to the even neighbour.
function rounded(x) {
  const low = Math.floor(x), rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

// A seed as typed, split into the two words of a key. Seeds go to 2**64 - 1, so they come as text or BigInt.
function key_of(seed) {
  const all = BigInt(seed);
  return [Number(all & 0xffffffffn), Number(all >> 32n)];
}

// What every person has in common, whatever a step is: the hand-written half of sim.people.Person.
class Being {
  constructor(model, number) {
    this.model = model;
    this.number = number;
    this.shown = null;
    this.view = null;
  }

  meet(neighbours) {
    this.neighbours = neighbours;
    this.n_marginalized = neighbours.filter((other) => other.is_marginalized).length;
    this.n_advantaged = neighbours.length - this.n_marginalized;
  }

  look_around() {
    return seen_around(this);
  }
}
