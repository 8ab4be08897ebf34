package function

import "fmt"

// Text is a string of an event in the memory of the event itself: a body of
// megabytes is not copied. Without the string, or with null, it is nil.
type Text []byte

// JSONLen is how many bytes AppendJSON appends.
func (t Text) JSONLen() int {
	size := 0
	for i := 0; i < len(t); i++ {
		n := plain(t[i:])
		if size, i = size+n, i+n; i < len(t) {
			size += len(escape(t[i]))
		}
	}
	return size
}

// AppendJSON appends the text, which is UTF-8, as it is between the quotes of a
// JSON string.
func (t Text) AppendJSON(to []byte) []byte {
	for i := 0; i < len(t); i++ {
		n := plain(t[i:])
		to = append(to, t[i:i+n]...)
		if i += n; i < len(t) {
			to = append(to, escape(t[i])...)
		}
	}
	return to
}

// escape is how JSON writes a byte that is not plain.
func escape(b byte) string {
	switch b {
	case '"':
		return `\"`
	case '\\':
		return `\\`
	}
	return control[b]
}

var control = func() (forms [0x20]string) {
	for b := range forms {
		forms[b] = fmt.Sprintf(`\u%04x`, b)
	}
	forms['\b'], forms['\f'], forms['\n'], forms['\r'], forms['\t'] = `\b`, `\f`, `\n`, `\r`, `\t`
	return forms
}()
