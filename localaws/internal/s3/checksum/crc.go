package checksum

import (
	"encoding/base64"
	"encoding/binary"
)

// Full is the CRC of a whole object from those of its parts: a CRC is
// linear, so that no body has to be read again.
func Full(algorithm string, parts []Sum, sizes []int64) Sum {
	a := algorithms[algorithm]
	var sum uint64
	for i, p := range parts {
		raw, ok := a.decode(p.Value)
		if !ok {
			return Sum{}
		}
		next := uint64(0)
		for _, b := range raw {
			next = next<<8 | uint64(b)
		}
		if i == 0 {
			sum = next
			continue
		}
		sum = shiftCRC(sum, sizes[i], a.polynomial, a.size*8) ^ next
	}
	out := binary.BigEndian.AppendUint64(nil, sum)[8-a.size:]
	return Sum{Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(out)}
}

// shiftCRC is what a CRC becomes when n zero bytes follow, without the
// inversion at both ends: its product with x to the 8n.
func shiftCRC(crc uint64, n int64, polynomial uint64, bits int) uint64 {
	power := uint64(1) << (bits - 1 - 8) // x to the 8: the highest bit is x to the 0
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			crc = product(crc, power, polynomial, bits)
		}
		power = product(power, power, polynomial, bits)
	}
	return crc
}

// product multiplies two polynomials over GF(2), modulo that of the CRC.
func product(a, b, polynomial uint64, bits int) uint64 {
	var sum uint64
	for i := bits - 1; i >= 0; i-- {
		if a>>i&1 != 0 {
			sum ^= b
		}
		b = b>>1 ^ polynomial*(b&1)
	}
	return sum
}
