package iam

import "strings"

// expand replaces the policy variables of s: ${key}, ${key, 'default'}, and
// ${*}, ${?}, ${$} for the characters themselves. ok is false if a variable
// has no value: the whole string then matches nothing.
//
// A key with several values has no single text to put in; it counts as having
// none. A variable that isn't closed is plain text.
//
// Source: IAM user guide, reference_policies_variables.
func (x *context) expand(s string) (p pattern, ok bool) {
	if !x.variables || !strings.Contains(s, "${") {
		return pattern{text: s}, true
	}
	var text strings.Builder
	var literal []bool
	add := func(t string, lit bool) {
		text.WriteString(t)
		for range len(t) {
			literal = append(literal, lit)
		}
	}
	for s != "" {
		start := strings.Index(s, "${")
		if start < 0 {
			add(s, false)
			break
		}
		end := variableEnd(s, start+2)
		if end < 0 {
			add(s, false)
			break
		}
		add(s[:start], false)
		value, ok := x.variable(s[start+2 : end])
		if !ok {
			return pattern{}, false
		}
		add(value, true)
		s = s[end+1:]
	}
	return pattern{text: text.String(), literal: literal}, true
}

// variableEnd is the index of the brace that closes the variable whose name
// begins at from, past any quoted default; -1 if there is none.
func variableEnd(s string, from int) int {
	quoted := false
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '\'':
			quoted = !quoted
		case '}':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

func (x *context) variable(name string) (string, bool) {
	switch name {
	case "*", "?", "$":
		return name, true
	}
	key, def, hasDefault := strings.Cut(name, ",")
	if values, ok := x.lookup(strings.TrimSpace(key)); ok && len(values) == 1 {
		return values[0], true
	}
	def = strings.TrimSpace(def)
	if hasDefault && len(def) >= 2 && def[0] == '\'' && def[len(def)-1] == '\'' {
		return def[1 : len(def)-1], true
	}
	return "", false
}
