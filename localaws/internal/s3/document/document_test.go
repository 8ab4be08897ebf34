package document

import (
	"strings"
	"testing"
)

type outer struct {
	Name  string
	Count *int
	On    bool
	Items []string `xml:"List>Item"`
	inner
}

type inner struct {
	Loose []string `xml:"Loose"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	var v outer
	err := Decode([]byte(`<?xml version="1.0"?><Outer xmlns="urn:any"><Name> a&amp;b</Name><Count> 3 </Count><On>True</On>
		<List><Item>1</Item><Item>2</Item></List><Loose>x</Loose><!-- no --><Loose>y</Loose></Outer><!-- end -->
	`), "Outer", &v)
	if err != nil || v.Name != " a&b" || *v.Count != 3 || !v.On || strings.Join(v.Items, ",") != "1,2" || strings.Join(v.Loose, ",") != "x,y" {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                 "no root element",
		`{}`:                               "no root element",
		`<Outer>`:                          "unexpected EOF",
		`<Other/>`:                         "the root element is Other, not Outer",
		`<Outer/><Outer/>`:                 "something follows the root element",
		`<Outer/></Outer>`:                 "something follows the root element",
		`<Outer><Else/></Outer>`:           "does not implement the element Outer/Else",
		`<Outer><inner/></Outer>`:          "does not implement the element Outer/inner",
		`<Outer><Count/></Outer>`:          "Outer/Count is not a number",
		`<Outer><On>1</On></Outer>`:        "Outer/On is neither true nor false",
		`<Outer><Name><b/></Name></Outer>`: "Outer/Name must not hold elements",
		`<Outer><Name>a</Name><Name>b</Name></Outer>`:   "Outer/Name occurs twice",
		`<Outer><List><Other/></List></Outer>`:          "does not implement the element Outer/List/Other",
		`<Outer><List><Item><c/></Item></List></Outer>`: "Outer/List/Item must not hold elements",
		strings.Repeat("<a>", 20000):                    "",
	} {
		err := Decode([]byte(text), "Outer", &outer{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
	}
}
