package api

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Form is the parameters of a query protocol request. It remembers which of
// them were asked for, so that Done can refuse the others.
type Form struct {
	values url.Values
	read   map[string]bool
}

// ParseForm reads the parameters from the body of a POST or from the query.
func ParseForm(r *http.Request) (*Form, error) {
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, Errorf(http.StatusBadRequest, "MalformedInput", "reading the body: %v", err)
		}
		raw = string(b)
	}
	v, err := url.ParseQuery(raw)
	if err != nil {
		return nil, Errorf(http.StatusBadRequest, "MalformedQueryString", "the parameters are not a form: %v", err)
	}
	f := &Form{values: v, read: map[string]bool{"Action": true, "Version": true}}
	for k := range v {
		if strings.HasPrefix(k, "X-Amz-") { // of a presigned request
			f.read[k] = true
		}
	}
	return f, nil
}

// Action is the operation that the request names.
func (f *Form) Action() string { return f.values.Get("Action") }

// Text is the value of a parameter, "" if it is missing.
func (f *Form) Text(name string) string {
	f.read[name] = true
	return f.values.Get(name)
}

// Has says whether the parameter is there, even if empty.
func (f *Form) Has(name string) bool {
	f.read[name] = true
	return f.values.Has(name)
}

// List is the parameter Name.member.1, Name.member.2, ...
func (f *Form) List(name string) []string {
	var list []string
	for i := 1; ; i++ {
		key := name + ".member." + strconv.Itoa(i)
		if !f.values.Has(key) {
			break
		}
		list = append(list, f.Text(key))
	}
	f.read[name] = f.values.Get(name) == "" // "Name=" is how botocore writes an empty list
	return list
}

// Tags is the parameter Tags.member.N.Key and Tags.member.N.Value.
func (f *Form) Tags() map[string]string {
	tags := map[string]string{}
	for i := 1; ; i++ {
		prefix := "Tags.member." + strconv.Itoa(i) + "."
		if !f.values.Has(prefix + "Key") {
			break
		}
		tags[f.Text(prefix+"Key")] = f.Text(prefix + "Value")
	}
	f.read["Tags"] = f.values.Get("Tags") == ""
	return tags
}

// Decode reads the parameters into the fields of a structure, by their names:
// strings, whole numbers, lists of strings, and Tags as a map. A parameter that
// it has no field for is refused by name.
func (f *Form) Decode(v any) error {
	s := reflect.ValueOf(v).Elem()
	for i := range s.NumField() {
		name := s.Type().Field(i).Name
		switch field := s.Field(i).Addr().Interface().(type) {
		case *string:
			*field = f.Text(name)
		case *[]string:
			*field = f.List(name)
		case *map[string]string:
			*field = f.Tags()
		case *int:
			if text := f.Text(name); text != "" {
				var err error
				if *field, err = strconv.Atoi(text); err != nil {
					return Errorf(http.StatusBadRequest, "ValidationError", "%s %q: want a whole number", name, text)
				}
			}
		default:
			panic(fmt.Sprintf("api: no parameter is read into a %T", field))
		}
	}
	return f.Done()
}

// Done refuses, by name, the parameters that nothing has asked for.
func (f *Form) Done() error {
	var unknown []string
	for k := range f.values {
		if !f.read[k] {
			unknown = append(unknown, k)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return Errorf(http.StatusBadRequest, "ValidationError",
		"the local AWS does not know the parameter %s of %s; it never drops one silently",
		strings.Join(unknown, ", "), f.Action())
}
