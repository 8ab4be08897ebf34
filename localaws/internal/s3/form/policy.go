package form

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/internal/strictjson"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Policy says what a form may upload, and until when. Who signed it lets whoever
// has it upload that.
//
// Source: S3 API reference, sigv4-HTTPPOSTConstructPolicy.
type Policy struct {
	expiration time.Time
	conditions []condition
	min, max   int64 // of content-length-range
}

// condition is one on a field, whose name is in lower case.
type condition struct {
	field, value string
	prefix       bool // the value may go on
	text         string
}

// unbounded is the size of the file that a policy without a range lets in: that
// of one PUT, 5 GiB.
const unbounded = 5 << 30

// ParsePolicy reads a policy: JSON in base64. What it doesn't know, it refuses.
func ParsePolicy(text string) (*Policy, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, invalid("it is not Base64")
	}
	const depth = 4
	root, err := strictjson.Decode(unescape(raw), depth, nil)
	if err != nil {
		return nil, invalid("%v", err)
	}
	object, ok := root.(map[string]any)
	if !ok {
		return nil, invalid("it is no object")
	}
	for name := range object {
		if name != "expiration" && name != "conditions" {
			return nil, invalid("Unexpected: '%s'", name)
		}
	}
	p := &Policy{max: unbounded}
	expiration, _ := object["expiration"].(string)
	if p.expiration, err = time.Parse(time.RFC3339, expiration); err != nil || !strings.HasSuffix(expiration, "Z") {
		return nil, invalid("Invalid 'expiration' value: '%s'", expiration)
	}
	conditions, ok := object["conditions"].([]any)
	if !ok {
		return nil, invalid("Invalid 'conditions' value: must be a List.")
	}
	for _, c := range conditions {
		if err := p.add(c); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add reads {"field": "value"}, ["eq", "$field", "value"], ["starts-with", …] or
// ["content-length-range", least, most].
func (p *Policy) add(c any) error {
	text, _ := json.Marshal(c)
	switch c := c.(type) {
	case map[string]any:
		if len(c) != 1 {
			return invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for name, value := range c {
			s, ok := value.(string)
			if !ok {
				return invalid("Invalid Simple-Condition: value must be a string.")
			}
			p.conditions = append(p.conditions, condition{field: strings.ToLower(name), value: s, text: string(text)})
		}
		return nil
	case []any:
		if len(c) != 3 {
			return invalid("Invalid Condition: wrong number of arguments.")
		}
		kind, _ := c[0].(string)
		if kind = strings.ToLower(kind); kind == "content-length-range" {
			return p.limit(c[1], c[2])
		}
		name, isField := c[1].(string)
		value, isText := c[2].(string)
		if (kind != "eq" && kind != "starts-with") || !isField || !isText || !strings.HasPrefix(name, "$") {
			return invalid("Invalid Condition: %s", text)
		}
		p.conditions = append(p.conditions, condition{
			field: strings.ToLower(name[1:]), value: value, prefix: kind == "starts-with", text: string(text),
		})
		return nil
	}
	return invalid("Invalid Condition: %s", text)
}

func (p *Policy) limit(least, most any) error {
	for bound, v := range map[*int64]any{&p.min: least, &p.max: most} {
		n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
		if err != nil || n < 0 {
			return invalid("Invalid content-length-range: '%v'", v)
		}
		*bound = n
	}
	return nil
}

// unescape makes JSON of the two escapes that policies have and JSON hasn't.
func unescape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case '$':
			out = append(out, '$')
		case 'v':
			out = append(out, `\u000b`...)
		default:
			out = append(out, '\\', raw[i])
		}
	}
	return out
}

func invalid(format string, args ...any) error {
	return api.Errorf(400, "InvalidPolicyDocument", "Invalid Policy: %s", fmt.Sprintf(format, args...))
}
