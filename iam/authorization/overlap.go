package authorization

import "strings"

// token is a part of a pattern: a character, or a wildcard for one or for any number
// of characters.
type token struct {
	char  byte
	one   bool
	many  bool
	slash bool // a many that may stand for slashes too
}

// literal has no wildcards.
func literal(s string) []token {
	tokens := make([]token, len(s))
	for i := range len(s) {
		tokens[i].char = s[i]
	}
	return tokens
}

// glob reads the wildcards of IAM. A policy variable may be anything.
func glob(s string) []token {
	var tokens []token
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '*':
			tokens = append(tokens, token{many: true, slash: true})
		case s[i] == '?':
			tokens = append(tokens, token{one: true})
		case strings.HasPrefix(s[i:], "${") && strings.Contains(s[i:], "}"):
			tokens = append(tokens, token{many: true, slash: true})
			i += strings.IndexByte(s[i:], '}')
		default:
			tokens = append(tokens, token{char: s[i]})
		}
	}
	return tokens
}

// withoutSlash are the variables of the reference whose values have no slash; those
// of most others may have one, such as a role's name with its path.
var withoutSlash = map[string]bool{"${AccessPointName}": true, "${BucketName}": true, "${KeyId}": true}

// template reads the variables of the reference, such as "${BucketName}".
func template(s string) []token {
	var tokens []token
	for i := 0; i < len(s); i++ {
		if !strings.HasPrefix(s[i:], "${") {
			tokens = append(tokens, token{char: s[i]})
			continue
		}
		n := strings.IndexByte(s[i:], '}') + 1
		tokens = append(tokens, token{many: true, slash: !withoutSlash[s[i:i+n]]})
		i += n - 1
	}
	return tokens
}

// matches tells whether a name is an instance of a pattern with IAM's wildcards.
func matches(pattern, name string) bool {
	i, j, star, back := 0, 0, -1, 0
	for j < len(name) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, back = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == name[j]):
			i++
			j++
		case star >= 0:
			back++
			i, j = star+1, back
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

// overlap tells whether a string exists that both patterns stand for.
func overlap(a, b []token) bool {
	// reach[j] says whether a and b up to here can end together; a row for each
	// token of a.
	reach := make([]bool, len(b)+1)
	reach[0] = true
	for j := range b {
		reach[j+1] = reach[j] && b[j].many
	}
	for i := range a {
		next := make([]bool, len(b)+1)
		next[0] = reach[0] && a[i].many
		for j := range b {
			switch {
			case a[i].many && b[j].many:
				next[j+1] = reach[j] || reach[j+1] || next[j]
			case a[i].many:
				next[j+1] = reach[j+1] || next[j] && (a[i].slash || b[j].char != '/')
			case b[j].many:
				next[j+1] = next[j] || reach[j+1] && (b[j].slash || a[i].char != '/')
			default:
				next[j+1] = reach[j] && (a[i].one || b[j].one || a[i].char == b[j].char)
			}
		}
		reach = next
	}
	return reach[len(b)]
}

// overlapARN tells whether an ARN exists that both the Resource of a statement and
// an ARN of the reference stand for. A wildcard doesn't reach beyond its segment,
// and IAM completes an ARN that ends early with wildcards: "arn:aws:s3" and "*"
// stand for all that could follow.
//
// Source: IAM user guide, reference_policies_elements_resource.
func overlapARN(resource, reference string) bool {
	for range 5 {
		have, restHave, ok := cutSegment(resource)
		want, restWant, _ := strings.Cut(reference, ":")
		if !overlap(glob(have), template(want)) {
			return false
		}
		if !ok {
			return true
		}
		resource, reference = restHave, restWant
	}
	return overlap(glob(resource), template(reference))
}

// cutSegment cuts at the first colon that is in no policy variable.
func cutSegment(s string) (before, after string, ok bool) {
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '{':
			depth++
		case s[i] == '}':
			depth--
		case s[i] == ':' && depth == 0:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
