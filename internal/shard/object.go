package shard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// object is a JSON object that keeps the order and the text of what is in it.
type object []member

type member struct {
	key   string
	value json.RawMessage
}

func (o *object) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("not an object: %.20s", data)
	}
	*o = nil
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		*o = append(*o, member{key.(string), value})
	}
	return nil
}

// get is the value of a key, or nil.
func (o object) get(key string) json.RawMessage {
	if i := slices.IndexFunc(o, func(m member) bool { return m.key == key }); i >= 0 {
		return o[i].value
	}
	return nil
}

// text writes the object as JSON.stringify does: the members on lines of their
// own behind indent, or without any space where that is "".
func (o object) text(indent string) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		colon := ":"
		if indent != "" {
			b.WriteString("\n" + indent)
			colon = ": "
		}
		key, _ := json.Marshal(m.key)
		b.Write(key)
		b.WriteString(colon)
		b.Write(m.value)
	}
	if indent != "" && len(o) > 0 {
		b.WriteString("\n" + indent[:len(indent)-2])
	}
	b.WriteByte('}')
	return b.Bytes()
}

// join puts the objects of all shares together. What every share has stands
// once: before the shares' own if it did so there, or else behind them, as where
// one process makes all.
func join(what string, shares []object) (object, error) {
	first := map[string]json.RawMessage{}
	in := map[string]int{}
	for _, o := range shares {
		for _, m := range o {
			before, ok := first[m.key]
			switch {
			case !ok:
				first[m.key] = m.value
			case !bytes.Equal(before, m.value):
				return nil, fmt.Errorf("%s %s differs from one process to another: make it the same whatever the stages are, or synthesize with -c shards=1", what, m.key)
			}
			in[m.key]++
		}
	}
	var all object
	for i, o := range shares {
		own := false
		for _, m := range o {
			switch n := in[m.key]; {
			case n == 1:
				own = true
			case n != len(shares):
				return nil, fmt.Errorf("%s %s is made by %d of %d processes: synthesize with -c shards=1", what, m.key, n, len(shares))
			case !own && i > 0, own && i < len(shares)-1:
				continue
			}
			all = append(all, m)
		}
	}
	return all, nil
}
