// Package document reads the XML documents of requests strictly: an element
// that the Go type has no field for is refused by name, where encoding/xml
// would drop it silently, and so are two elements where one is allowed, and an
// empty text where a number or truth value is wanted.
package document

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Element is an element of a document, whatever its namespace.
type Element struct {
	XMLName  xml.Name
	Text     string     `xml:",chardata"`
	Children []*Element `xml:",any"`
}

// Parse reads a document whose root element has the name root.
func Parse(text []byte, root string) (*Element, error) {
	var e Element
	d := xml.NewDecoder(strings.NewReader(string(text)))
	switch err := d.Decode(&e); {
	case errors.Is(err, io.EOF):
		return nil, fault.MalformedXML("no root element")
	case err != nil:
		return nil, fault.MalformedXML("%v", err)
	}
	if err := d.Decode(new(Element)); !errors.Is(err, io.EOF) {
		return nil, fault.MalformedXML("something follows the root element")
	}
	if e.XMLName.Local != root {
		return nil, fault.MalformedXML("the root element is %s, not %s", e.XMLName.Local, root)
	}
	return &e, nil
}

// Decode reads a document into v, a pointer to a struct.
func Decode(text []byte, root string, v any) error {
	e, err := Parse(text, root)
	if err != nil {
		return err
	}
	return e.Fill(v, root)
}

// Fill puts an element into v, a pointer to a struct with the tags of
// encoding/xml. path is what errors call the element.
func (e *Element) Fill(v any, path string) error { return e.fill(reflect.ValueOf(v).Elem(), path) }

func (e *Element) fill(v reflect.Value, path string) error {
	text := strings.TrimSpace(e.Text)
	switch v.Kind() {
	case reflect.Struct:
		return e.fillStruct(v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return e.fill(v.Elem(), path)
	case reflect.Slice: // one element each time
		item := reflect.New(v.Type().Elem()).Elem()
		err := e.fill(item, path)
		v.Set(reflect.Append(v, item))
		return err
	case reflect.String:
		v.SetString(e.Text)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fault.MalformedXML("%s is not a number", path)
		}
		v.SetInt(i)
	case reflect.Bool:
		text = strings.ToLower(text)
		if text != "true" && text != "false" {
			return fault.MalformedXML("%s is neither true nor false", path)
		}
		v.SetBool(text == "true")
	}
	if len(e.Children) > 0 {
		return fault.MalformedXML("%s must not hold elements", path)
	}
	return nil
}

func (e *Element) fillStruct(v reflect.Value, path string) error {
	for _, c := range e.Children {
		path := path + "/" + c.XMLName.Local
		f, inner := field(v, c.XMLName.Local)
		switch {
		case !f.IsValid():
			return fault.NotImplemented("the element " + path)
		case inner != "":
			for _, item := range c.Children {
				path := path + "/" + item.XMLName.Local
				if item.XMLName.Local != inner {
					return fault.NotImplemented("the element " + path)
				}
				if err := item.fill(f, path); err != nil {
					return err
				}
			}
			continue
		case f.Kind() != reflect.Slice && !f.IsZero():
			return fault.MalformedXML("%s occurs twice", path)
		}
		if err := c.fill(f, path); err != nil {
			return err
		}
	}
	return nil
}

// field finds the field for an element name; inner is the name of the inner
// element of a field tagged "Outer>Inner".
func field(v reflect.Value, name string) (f reflect.Value, inner string) {
	for _, t := range reflect.VisibleFields(v.Type()) {
		tag, _, _ := strings.Cut(t.Tag.Get("xml"), ",")
		outer, inner, _ := strings.Cut(tag, ">")
		if outer == "" {
			outer = t.Name
		}
		if outer == name && !t.Anonymous && t.Name != "XMLName" {
			return v.FieldByIndex(t.Index), inner
		}
	}
	return reflect.Value{}, ""
}
