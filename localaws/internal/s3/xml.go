package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// namespace of S3's documents.
const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// maxDocument is the longest request document that is read, in bytes: the
// largest one, a DeleteObjects of 1,000 keys of 1,024 bytes, is smaller.
const maxDocument = 2 << 20

// answer writes a document. The root element's name comes from v's XMLName.
func (rq *request) answer(status int, v any) error {
	out, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	return rq.answerBytes(status, "application/xml", append([]byte(xml.Header), out...))
}

func (rq *request) answerBytes(status int, contentType string, body []byte) error {
	h := rq.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rq.w.WriteHeader(status)
	_, err := rq.w.Write(body)
	return err
}

// done answers without a body.
func (rq *request) done(status int) error {
	if status != http.StatusNoContent {
		rq.w.Header().Set("Content-Length", "0")
	}
	rq.w.WriteHeader(status)
	return nil
}

// document reads the request's XML document, whose root element has the name
// root, into v. An element that v has no field for is refused by name.
func (rq *request) document(root string, v any) error {
	text, err := rq.text()
	if err != nil {
		return err
	}
	return parseXML(text, root, v)
}

func parseXML(text []byte, root string, v any) error {
	n, err := parseTree(text)
	if err != nil {
		return malformedXML("%v", err)
	}
	if n.name != root {
		return malformedXML("the root element is %s, not %s", n.name, root)
	}
	return n.fill(reflect.ValueOf(v).Elem(), root)
}

// node is an element.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*node
}

func parseTree(text []byte) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	var root *node
	var open []*node
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attrs: t.Attr}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			case root == nil:
				root = n
			default:
				return nil, errors.New("a second root element " + n.name)
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(t)
			}
		}
	}
	if root == nil {
		return nil, errors.New("no root element")
	}
	return root, nil
}

// fill puts an element into a Go value: a struct by its xml tags, a pointer, a
// slice (one element each time), string, int or bool.
func (n *node) fill(v reflect.Value, path string) error {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return n.fill(v.Elem(), path)
	case reflect.Slice:
		e := reflect.New(v.Type().Elem()).Elem()
		if err := n.fill(e, path); err != nil {
			return err
		}
		v.Set(reflect.Append(v, e))
		return nil
	case reflect.String:
		v.SetString(n.text)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(strings.TrimSpace(n.text), 10, 64)
		if err != nil {
			return malformedXML("%s is not a number", path)
		}
		v.SetInt(i)
	case reflect.Bool:
		switch strings.ToLower(strings.TrimSpace(n.text)) {
		case "true":
			v.SetBool(true)
		case "false":
			v.SetBool(false)
		default:
			return malformedXML("%s is neither true nor false", path)
		}
	case reflect.Struct:
		return n.fillStruct(v, path)
	}
	if v.Kind() != reflect.Struct && len(n.children) > 0 {
		return malformedXML("%s must not hold elements", path)
	}
	return nil
}

func (n *node) fillStruct(v reflect.Value, path string) error {
	for _, c := range n.children {
		f, list := field(v, c.name)
		if !f.IsValid() {
			return notImplemented("the element " + path + "/" + c.name)
		}
		if list != "" {
			for _, item := range c.children {
				if item.name != list {
					return notImplemented("the element " + path + "/" + c.name + "/" + item.name)
				}
				if err := item.fill(f, path+"/"+c.name+"/"+item.name); err != nil {
					return err
				}
			}
			continue
		}
		if f.Kind() != reflect.Slice && !f.IsZero() {
			return malformedXML("%s/%s occurs twice", path, c.name)
		}
		if err := c.fill(f, path+"/"+c.name); err != nil {
			return err
		}
	}
	return nil
}

// field finds the field for an element name; list is the name of the inner
// element of a field tagged "Outer>Inner".
func field(v reflect.Value, name string) (f reflect.Value, list string) {
	t := v.Type()
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("xml"), ",")
		outer, inner, _ := strings.Cut(tag, ">")
		if outer == "" {
			outer = t.Field(i).Name
		}
		if outer == name && t.Field(i).Name != "XMLName" {
			return v.Field(i), inner
		}
	}
	return reflect.Value{}, ""
}
