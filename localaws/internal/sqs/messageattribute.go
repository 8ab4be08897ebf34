package sqs

import (
	"encoding/binary"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// attribute is a message attribute.
type attribute struct {
	DataType         string
	StringValue      *string  `json:",omitempty"`
	BinaryValue      []byte   `json:",omitempty"`
	StringListValues []string `json:",omitempty"`
	BinaryListValues [][]byte `json:",omitempty"`
}

// maxAttributes is how many a message has at most.
//
// Source: SQS developer guide, quotas-messages.
const maxAttributes = 10

var (
	attributeName = regexp.MustCompile(`^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$`)
	attributeType = regexp.MustCompile(`^(String|Number|Binary)(\..+)?$`)
	numberForm    = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
)

// checkAttributes refuses attributes that no message can have, and gives their
// size: names, types and values.
//
// Source: SQS developer guide, sqs-message-metadata.
func checkAttributes(all map[string]attribute) (size int, err error) {
	if len(all) > maxAttributes {
		return 0, invalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", len(all), maxAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a := all[name]
		lower := strings.ToLower(name)
		switch {
		case !attributeName.MatchString(name), len(name) > 256, strings.HasPrefix(lower, "aws."), strings.HasPrefix(lower, "amazon."):
			return 0, invalid("Message attribute name %q is invalid.", name)
		case !attributeType.MatchString(a.DataType), len(a.DataType) > 256, !allowed(a.DataType):
			return 0, invalid("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case len(a.StringListValues) > 0, len(a.BinaryListValues) > 0:
			return 0, fail("UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported.")
		case a.binary() && (len(a.BinaryValue) == 0 || a.StringValue != nil), !a.binary() && (a.StringValue == nil || *a.StringValue == "" || a.BinaryValue != nil):
			return 0, invalid("The message attribute '%s' must contain a non-empty message attribute value for message attribute type '%s'.", name, a.DataType)
		case a.StringValue != nil && !allowed(*a.StringValue):
			return 0, fail("InvalidMessageContents", "The message attribute '%s' contains characters outside the allowed set.", name)
		case strings.HasPrefix(a.DataType, "Number") && !numberForm.MatchString(*a.StringValue):
			return 0, invalid("Can't cast the value of message attribute '%s' to a number.", name)
		}
		size += len(name) + len(a.DataType) + len(a.bytes())
	}
	return size, nil
}

func (a attribute) binary() bool { return strings.HasPrefix(a.DataType, "Binary") }

func (a attribute) bytes() []byte {
	if a.StringValue != nil {
		return []byte(*a.StringValue)
	}
	return a.BinaryValue
}

// attributesMD5 is the digest of attributes; "" of none.
//
// Source: SQS developer guide, sqs-message-metadata, "Calculating the MD5 message
// digest for message attributes".
func attributesMD5(all map[string]attribute) string {
	if len(all) == 0 {
		return ""
	}
	var b []byte
	field := func(v []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(v)))
		b = append(b, v...)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a := all[name]
		field([]byte(name))
		field([]byte(a.DataType))
		if a.binary() {
			b = append(b, 2)
		} else {
			b = append(b, 1)
		}
		field(a.bytes())
	}
	return hexMD5(b)
}

// chosen are the attributes that a receiver asks for: by name, by "prefix.*", or
// all of them by "All" or ".*".
//
// Source: SQS API reference, ReceiveMessage, MessageAttributeNames.
func chosen(all map[string]attribute, names []string) map[string]attribute {
	some := map[string]attribute{}
	for name, a := range all {
		for _, want := range names {
			prefix, wild := strings.CutSuffix(want, ".*")
			if want == name || want == "All" || wild && (prefix == "" || strings.HasPrefix(name, prefix)) {
				some[name] = a
			}
		}
	}
	return some
}
