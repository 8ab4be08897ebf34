package template

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/internal/partition"
)

// resourceRef gives what Ref gives for a resource.
func (s *scope) resourceRef(r *Resource, at *cfn.Path) (string, error) {
	if !r.covered() {
		return "", s.Unknownf(at, "the physical id of %s (%s)", r.LogicalID, r.Type)
	}
	return s.fill(r.kind.ref, r, at)
}

// attribute gives what Fn::GetAtt gives for a resource.
func (s *scope) attribute(r *Resource, attribute string, at *cfn.Path) (string, error) {
	if r.covered() {
		if pattern, ok := r.kind.attributes[attribute]; ok {
			return s.fill(pattern, r, at)
		}
	}
	return "", s.Unknownf(at, "attribute %s of %s (%s)", attribute, r.LogicalID, r.Type)
}

// covered tells whether what is known of the type holds for this resource.
func (r *Resource) covered() bool {
	return r.kind != nil && (r.kind.unless == "" || r.RawProperties[r.kind.unless] == nil)
}

// fill replaces the {placeholders} of a pattern. Those about a resource need r.
func (s *scope) fill(pattern string, r *Resource, at *cfn.Path) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		placeholder, after, _ := strings.Cut(rest, "}")
		value, err := s.placeholder(placeholder, r, at)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		pattern = after
	}
}

func (s *scope) placeholder(name string, r *Resource, at *cfn.Path) (string, error) {
	switch name {
	case "account":
		if s.stack.Account == "" {
			return "", s.Unknownf(at, "the account: the stack is for any account")
		}
		return s.stack.Account, nil
	case "region", "partition", "suffix":
		if s.stack.Region == "" {
			return "", s.Unknownf(at, "the %s: the stack is for any region", name)
		}
		part := partition.Of(s.stack.Region)
		return map[string]string{"region": s.stack.Region, "partition": part.Name, "suffix": part.DNSSuffix}[name], nil
	case "name":
		return s.physicalName(r, at)
	case "primary": // the id in the ARN of a replica key's primary
		primary, err := s.physicalName(r, at)
		return primary[strings.LastIndexByte(primary, '/')+1:], err
	case "host": // of a URL, with its path: in the ARN of an OIDC provider
		url, err := s.physicalName(r, at)
		return strings.TrimPrefix(url, "https://"), err
	case "path": // of IAM resources
		given, ok, err := s.property(r, "Path")
		if !ok && err == nil {
			given = "/"
		}
		return given, err
	case "uid": // of IAM resources
		return strings.ToUpper(s.base36(r.LogicalID+"/uid", 17)), nil
	case "suffix6": // of secrets
		return s.base36(r.LogicalID+"/suffix", 6), nil
	}
	return "", s.Errorf(at, "no placeholder {%s}", name)
}

// physicalName gives the name that the resource has in its properties, or a
// stand-in for the one that the service will choose.
func (s *scope) physicalName(r *Resource, at *cfn.Path) (string, error) {
	name, err := s.Follow("resource", r.LogicalID, at, func() (any, error) {
		given, ok, err := s.property(r, r.kind.nameProperty)
		if ok || err != nil {
			return given, err
		}
		return r.kind.standIn(s, r)
	})
	if err != nil {
		return "", s.Via(at, r.LogicalID, err)
	}
	return name.(string), nil
}

// property gives a top-level property that is a string; ok is false when the
// resource has none.
func (s *scope) property(r *Resource, name string) (text string, ok bool, err error) {
	raw, ok := r.RawProperties[name]
	if !ok {
		return "", false, nil
	}
	place := cfn.Root("Resources", r.LogicalID, "Properties", name)
	value, err := s.Resolve(raw, place)
	if err != nil {
		return "", false, err
	}
	if _, none := value.(cfn.NoValue); none {
		return "", false, nil
	}
	text, ok = cfn.ScalarText(value)
	if !ok || text == "" {
		return "", false, s.Errorf(place, "must be a string that isn't empty")
	}
	return text, true, nil
}

// named makes stand-ins of the form Stack-LogicalId-HASH that are at most limit
// bytes long, as CloudFormation does: the middle gives way, the hash stays.
func named(limit int) standIn {
	return func(s *scope, r *Resource) (string, error) {
		return s.shortened(limit, "-", strings.ToUpper(s.base36(r.LogicalID, 12)), s.stack.Name, r.LogicalID), nil
	}
}

// lowerCase makes stand-ins as named does, in lower case, as buckets, access
// points and ECR repositories must be called.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func lowerCase(limit int) standIn {
	return func(s *scope, r *Resource) (string, error) {
		stack, id := strings.ToLower(s.stack.Name), strings.ToLower(r.LogicalID)
		return s.shortened(limit, "-", s.base36(r.LogicalID, 12), stack, id), nil
	}
}

// keyID makes stand-ins for KMS key ids: a UUID, or "mrk-" and 32 digits for a
// multi-Region key.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
func keyID(s *scope, r *Resource) (string, error) {
	multi, _, err := s.property(r, "MultiRegion")
	if err != nil {
		return "", err
	}
	if strings.EqualFold(multi, "true") {
		return "mrk-" + s.hash(r.LogicalID)[:32], nil
	}
	return s.uuid(r.LogicalID), nil
}

// id makes stand-ins of a prefix and hexadecimal digits, such as "vpc-0a1b...".
func id(prefix string, digits int) standIn {
	return func(s *scope, r *Resource) (string, error) {
		return prefix + s.hash(r.LogicalID)[:digits], nil
	}
}

// shortened joins the parts and the hash, cutting the parts evenly to the limit.
func (s *scope) shortened(limit int, separator, hash string, parts ...string) string {
	room := limit - len(hash) - len(parts)*len(separator)
	for len(strings.Join(parts, "")) > room {
		longest := 0
		for i := range parts {
			if len(parts[i]) > len(parts[longest]) {
				longest = i
			}
		}
		parts[longest] = parts[longest][:len(parts[longest])-1]
	}
	var b strings.Builder
	for _, part := range parts {
		// A cut must not leave "--" before the hash.
		if part = strings.Trim(part, separator); part != "" {
			b.WriteString(part + separator)
		}
	}
	return b.String() + hash
}

// hash is the same for the same thing in the same stack, in every run.
func (s *scope) hash(thing string) string {
	account, region := s.stack.Account, s.stack.Region
	if s.stack.AnyAccount {
		account = ""
	}
	if s.stack.AnyRegion {
		region = ""
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{account, region, s.stack.Name, thing}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// base36 is a hash of n digits and lower-case letters.
func (s *scope) base36(thing string, n int) string {
	sum, _ := hex.DecodeString(s.hash(thing))
	text := make([]byte, n)
	for i := range text {
		text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[int(sum[i])%36]
	}
	return string(text)
}

// uuid is a hash in the form of a version 4 UUID.
func (s *scope) uuid(thing string) string {
	h := s.hash(thing)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
}
