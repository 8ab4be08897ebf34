package checksum

import "reflect"

// Elements has an element for each algorithm. In answers, one is set at most.
type Elements struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
	ChecksumMD5       string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
	ChecksumSHA512    string `xml:",omitempty"`
	ChecksumXXHASH64  string `xml:",omitempty"`
	ChecksumXXHASH3   string `xml:",omitempty"`
	ChecksumXXHASH128 string `xml:",omitempty"`
}

// ElementOf is the element of a checksum.
func ElementOf(c Sum) Elements {
	var e Elements
	if Known(c.Algorithm) {
		e.field(c.Algorithm).SetString(c.Value)
	}
	return e
}

// Sums are the checksums whose elements are set.
func (e Elements) Sums() []Sum {
	var found []Sum
	for _, name := range names {
		if value := e.field(name).String(); value != "" {
			found = append(found, Sum{Algorithm: name, Value: value})
		}
	}
	return found
}

func (e *Elements) field(algorithm string) reflect.Value {
	return reflect.ValueOf(e).Elem().FieldByName("Checksum" + algorithm)
}
