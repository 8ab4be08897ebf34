package s3

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// keyText is a key, or a part of one, in a document. A key may have characters
// that XML 1.0 has no way to write, and encoding/xml would show another key. S3
// writes references that only XML 1.1 allows; encoding-type=url is the way around.
//
// Source: S3 API reference, API_ListObjectsV2 (encoding-type).
type keyText string

// MarshalXML implements xml.Marshaler.
func (k keyText) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if !strings.ContainsFunc(string(k), forbidden) {
		return e.EncodeElement(string(k), start)
	}
	var b strings.Builder
	for _, c := range string(k) {
		if forbidden(c) {
			fmt.Fprintf(&b, "&#x%X;", c)
			continue
		}
		_ = xml.EscapeText(&b, []byte(string(c))) // a Builder never fails
	}
	return e.EncodeElement(struct {
		Text string `xml:",innerxml"`
	}{b.String()}, start)
}

// forbidden are the characters that XML 1.0 excludes.
func forbidden(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF
}
