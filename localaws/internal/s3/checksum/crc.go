package checksum

import (
	"encoding/base64"
	"encoding/binary"
)

// Full is the CRC of a whole object from those of its parts: a CRC is
// linear, so that no body has to be read again.
func Full(algorithm string, parts []Sum, sizes []int64) Sum {
	polynomial, width := uint64(0xedb88320), 4 // CRC-32, reversed
	switch algorithm {
	case "CRC32C":
		polynomial = 0x82f63b78
	case "CRC64NVME":
		polynomial, width = 0x9a6c9329ac4bc9b5, 8
	}
	var sum uint64
	for i, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Value)
		if err != nil || len(raw) != width {
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
		sum = shiftCRC(sum, sizes[i], polynomial, width*8) ^ next
	}
	out := binary.BigEndian.AppendUint64(nil, sum)[8-width:]
	return Sum{Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(out)}
}

// matrix is a linear map over GF(2): column i is the image of bit i.
type matrix [64]uint64

func (m *matrix) times(v uint64) uint64 {
	var sum uint64
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 != 0 {
			sum ^= m[i]
		}
	}
	return sum
}

func (m *matrix) square() *matrix {
	var out matrix
	for i := range m {
		out[i] = m.times(m[i])
	}
	return &out
}

// shiftCRC is what a CRC becomes when n zero bytes follow, without the
// inversion at both ends.
func shiftCRC(crc uint64, n int64, polynomial uint64, bits int) uint64 {
	step := &matrix{} // one zero bit
	step[0] = polynomial
	for i := 1; i < bits; i++ {
		step[i] = 1 << (i - 1)
	}
	step = step.square().square().square() // one zero byte
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			crc = step.times(crc)
		}
		step = step.square()
	}
	return crc
}
