package logs

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// jsonPattern is a filter pattern for lines that are JSON: { $.a = "x" && ($.b = 1
// || $.c != *y) }. Here it compares members with texts and numbers; IS NULL, NOT
// EXISTS, arrays and regular expressions are refused.
//
// Source: CloudWatch Logs user guide, FilterAndPatternSyntax, "Matching terms in
// JSON log events".
type jsonPattern func(line map[string]any) bool

var patternToken = regexp.MustCompile(`^(?:\s+|"[^"]*"|\$(?:\.[A-Za-z0-9_-]+)+|&&|\|\||<=|>=|!=|[()=<>]|[^\s()"=<>!&|{}%\[\]]+)`)

type patternReader struct {
	tokens []string
	depth  int
}

// readJSONPattern reads a pattern with its braces.
func readJSONPattern(text string) (jsonPattern, error) {
	if len(text) > 1024 {
		return nil, fmt.Errorf("it is longer than 1024 characters")
	}
	inner := strings.TrimSpace(text)
	inner = strings.TrimSuffix(strings.TrimPrefix(inner, "{"), "}")
	var p patternReader
	for inner != "" {
		one := patternToken.FindString(inner)
		if one == "" {
			return nil, fmt.Errorf("%.20q is not one that the local AWS knows", inner)
		}
		if inner = inner[len(one):]; strings.TrimSpace(one) != "" {
			p.tokens = append(p.tokens, one)
		}
	}
	match, err := p.either()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q is not understood there", p.tokens[0])
	}
	return match, err
}

func (p *patternReader) take() string {
	if len(p.tokens) == 0 {
		return ""
	}
	one := p.tokens[0]
	p.tokens = p.tokens[1:]
	return one
}

func (p *patternReader) next(token string) bool {
	if len(p.tokens) == 0 || p.tokens[0] != token {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *patternReader) either() (jsonPattern, error) {
	left, err := p.both()
	for err == nil && p.next("||") {
		var right jsonPattern
		one := left
		right, err = p.both()
		left = func(line map[string]any) bool { return one(line) || right(line) }
	}
	return left, err
}

func (p *patternReader) both() (jsonPattern, error) {
	left, err := p.comparison()
	for err == nil && p.next("&&") {
		var right jsonPattern
		one := left
		right, err = p.comparison()
		left = func(line map[string]any) bool { return one(line) && right(line) }
	}
	return left, err
}

func (p *patternReader) comparison() (jsonPattern, error) {
	if p.next("(") {
		if p.depth++; p.depth > 30 {
			return nil, fmt.Errorf("it is nested too deep")
		}
		inner, err := p.either()
		if err == nil && !p.next(")") {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		p.depth--
		return inner, err
	}
	selector, operator, operand := p.take(), p.take(), p.take()
	if !strings.HasPrefix(selector, "$.") || !strings.Contains(" = != < > <= >= ", " "+operator+" ") || operand == "" || strings.Contains(" ( ) && || ", " "+operand+" ") {
		return nil, fmt.Errorf("%s %s %s is not a comparison that the local AWS knows", selector, operator, operand)
	}
	path := strings.Split(selector, ".")[1:]
	number, err := strconv.ParseFloat(operand, 64)
	if err == nil {
		return func(line map[string]any) bool { return compareNumber(member(line, path), operator, number) }, nil
	}
	if operator != "=" && operator != "!=" {
		return nil, fmt.Errorf("%s compares numbers, not %s", operator, operand)
	}
	text := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(strings.Trim(operand, `"`)), `\*`, ".*") + "$")
	return func(line map[string]any) bool {
		given, ok := member(line, path).(string)
		return ok && text.MatchString(given) == (operator == "=")
	}, nil
}

// member is what a selector names in a line; nil if it isn't there.
func member(line map[string]any, path []string) (v any) {
	v = line
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func compareNumber(v any, operator string, number float64) bool {
	given, ok := v.(float64)
	if !ok {
		return false
	}
	switch operator {
	case "=":
		return given == number
	case "!=":
		return given != number
	case "<":
		return given < number
	case "<=":
		return given <= number
	case ">":
		return given > number
	}
	return given >= number
}

// matches says whether a line is JSON that the pattern matches.
func (p jsonPattern) matches(line string) (map[string]any, bool) {
	var members map[string]any
	if json.Unmarshal([]byte(line), &members) != nil {
		return nil, false
	}
	return members, p(members)
}
