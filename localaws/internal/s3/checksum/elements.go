package checksum

import "reflect"

// Elements has an element for each algorithm; one of them is set.
type Elements struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
}

// ElementOf is the element of a checksum.
func ElementOf(c Sum) Elements {
	var e Elements
	if Known(c.Algorithm) {
		e.field(c.Algorithm).SetString(c.Value)
	}
	return e
}

// Value is the text of the element of an algorithm.
func (e Elements) Value(algorithm string) string {
	if !Known(algorithm) {
		return ""
	}
	return e.field(algorithm).String()
}

func (e *Elements) field(algorithm string) reflect.Value {
	return reflect.ValueOf(e).Elem().FieldByName("Checksum" + algorithm)
}
