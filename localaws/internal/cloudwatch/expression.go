package cloudwatch

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// node is a part of an expression: a number, a text, the id of a query, or an
// operator or function with what it is applied to.
type node struct {
	kind      nodeKind
	number    float64
	name      string // of an id, a function or an operator; a text
	arguments []node
}

type nodeKind int

const (
	number nodeKind = iota
	text
	reference
	function
	operator
)

// The bounds of an expression.
//
// Source: CloudWatch API reference, MetricDataQuery, Expression; no page bounds
// its depth.
const (
	maxExpression = 2048
	maxDepth      = 40
)

var word = regexp.MustCompile(`^[A-Za-z_]`)

var token = regexp.MustCompile(`^(?:\s+|[0-9]+(?:\.[0-9]+)?|\.[0-9]+|[A-Za-z_][A-Za-z0-9_]*|"[^"]*"|'[^']*'|<=|>=|==|!=|&&|\|\||[-+*/^()<>,])`)

// precedence are the operators of two operands, from the loosest to the tightest.
//
// Source: CloudWatch user guide, using-metric-math.
var precedence = [][]string{{"OR", "||"}, {"AND", "&&"}, {"==", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*", "/"}, {"^"}}

type parser struct {
	tokens []string
	depth  int
}

func parse(expression string) (node, error) {
	if len(expression) > maxExpression {
		return node{}, fmt.Errorf("it is longer than %d characters", maxExpression)
	}
	var p parser
	for rest := expression; rest != ""; {
		one := token.FindString(rest)
		if one == "" {
			return node{}, fmt.Errorf("%.20q is not understood", rest)
		}
		if rest = rest[len(one):]; strings.TrimSpace(one) != "" {
			p.tokens = append(p.tokens, one)
		}
	}
	n, err := p.operation(0)
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q is not understood there", p.tokens[0])
	}
	return n, err
}

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) take() string {
	one := p.next()
	if one != "" {
		p.tokens = p.tokens[1:]
	}
	return one
}

var errDeep = errors.New("it is nested too deep")

func (p *parser) operation(level int) (node, error) {
	if level == len(precedence) {
		return p.operand()
	}
	left, err := p.operation(level + 1)
	for err == nil && slices.Contains(precedence[level], p.next()) {
		sign := p.take()
		var right node
		if right, err = p.operation(level + 1); err == nil {
			left = node{kind: operator, name: sign, arguments: []node{left, right}}
		}
	}
	return left, err
}

func (p *parser) operand() (n node, err error) {
	if p.depth++; p.depth > maxDepth {
		return n, errDeep
	}
	defer func() { p.depth-- }()
	switch one := p.take(); {
	case one == "":
		return n, errors.New("it ends too early")
	case one == "-":
		n, err = p.operand()
		return node{kind: operator, name: "*", arguments: []node{{kind: number, number: -1}, n}}, err
	case one == "(":
		if n, err = p.operation(0); err == nil && p.take() != ")" {
			err = errors.New("a parenthesis is not closed")
		}
		return n, err
	case one[0] == '"' || one[0] == '\'':
		return node{kind: text, name: one[1 : len(one)-1]}, nil
	case one[0] == '.' || one[0] >= '0' && one[0] <= '9':
		n.number, err = strconv.ParseFloat(one, 64)
		return n, err
	case !word.MatchString(one):
		return n, fmt.Errorf("%q is not understood there", one)
	case p.next() == "(":
		p.take()
		n = node{kind: function, name: one}
		n.arguments, err = p.list()
		return n, err
	default:
		return node{kind: reference, name: one}, nil
	}
}

// list are the arguments of a function, up to and with its parenthesis.
func (p *parser) list() (list []node, err error) {
	if p.next() == ")" {
		p.take()
		return nil, nil
	}
	for {
		n, err := p.operation(0)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		switch one := p.take(); one {
		case ",":
		case ")":
			return list, nil
		default:
			return nil, errors.New("a parenthesis is not closed")
		}
	}
}
