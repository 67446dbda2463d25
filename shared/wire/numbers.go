package wire

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// Numbers are people by their Profile.Number: at least 1 and ascending. In JSON they are one string: the differences as unsigned varints, in
// base64 without padding. 10,000 people who have neighbouring numbers are 13 KB of it; by their UUIDs they would be 700.
type Numbers []int64

// MaxNumbers bounds one list.
const MaxNumbers = 1 << 20

var errNumbers = errors.New("not a list of people's numbers")

// MarshalText implements encoding.TextMarshaler. It refuses numbers that don't ascend.
func (n Numbers) MarshalText() ([]byte, error) {
	if len(n) > MaxNumbers {
		return nil, errNumbers
	}
	raw := make([]byte, 0, 2*len(n))
	last := int64(0)
	for _, number := range n {
		if number <= last {
			return nil, errNumbers
		}
		raw = binary.AppendUvarint(raw, uint64(number-last))
		last = number
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText implements encoding.TextUnmarshaler. What it takes, MarshalText would write.
func (n *Numbers) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.Strict().AppendDecode(nil, text)
	if err != nil {
		return errNumbers
	}
	var numbers Numbers
	last := int64(0)
	for len(raw) > 0 {
		step, size := binary.Uvarint(raw)
		number := last + int64(step) // an overflow is not above the last one
		if size <= 0 || size > 1 && raw[size-1] == 0 || number <= last || len(numbers) == MaxNumbers {
			return errNumbers
		}
		numbers = append(numbers, number)
		last, raw = number, raw[size:]
	}
	*n = numbers
	return nil
}
