package s3

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// listing is what all list operations share.
type listing struct {
	prefix, delimiter string
	max               int
	encode            bool // encoding-type=url
}

type commonPrefix struct{ Prefix keyText }

// listing reads the parameters, and has the policies decide the action with the
// condition keys that go with them; "" is none.
func (s *Service) listing(rq *request, b *bucket, maxName, action string) (listing, error) {
	l := listing{prefix: rq.query.Get("prefix"), delimiter: rq.query.Get("delimiter"), max: 1000}
	keys := map[string]iam.Strings{}
	for _, name := range []string{"prefix", "delimiter", "max-keys"} {
		if rq.query.Has(name) {
			keys["s3:"+name] = iam.Strings{rq.query.Get(name)}
		}
	}
	if text := rq.query.Get(maxName); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return l, fault.InvalidArgument("Argument "+maxName+" must be an integer between 0 and 2147483647", maxName, text)
		}
		l.max = min(l.max, n)
	}
	switch e := rq.query.Get("encoding-type"); e {
	case "":
	case "url":
		l.encode = true
	default:
		return l, fault.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", e)
	}
	if action == "" {
		return l, nil
	}
	return l, s.authorize(rq, b, action, "", keys)
}

// name writes a key or prefix as encoding-type asks.
func (l listing) name(s string) keyText {
	if !l.encode {
		return keyText(s)
	}
	return keyText(strings.ReplaceAll(url.QueryEscape(s), "%2F", "/"))
}

// group is the common prefix that a key falls under; "" if none.
func (l listing) group(key string) string {
	if l.delimiter == "" {
		return ""
	}
	rest := key[len(l.prefix):]
	if i := strings.Index(rest, l.delimiter); i >= 0 {
		return key[:len(l.prefix)+i+len(l.delimiter)]
	}
	return ""
}

// walk visits keys behind after, in order: each key, or once the common prefix
// of several. It ends when visit returns false.
func (l listing) walk(x *index, after string, visit func(key, group string) bool) {
	i := x.from(max(l.prefix, after))
	if g := l.afterGroup(after); g != "" {
		i = x.from(g)
	}
	for i < len(x.keys) && strings.HasPrefix(x.keys[i], l.prefix) {
		key := x.keys[i]
		if key == after && after != "" {
			i++
			continue
		}
		g := l.group(key)
		if !visit(key, g) {
			return
		}
		if g == "" {
			i++
			continue
		}
		i = x.from(behind(g))
	}
}

// afterGroup is where to go on if the last page ended with a common prefix.
func (l listing) afterGroup(after string) string {
	if l.delimiter != "" && strings.HasPrefix(after, l.prefix) && strings.HasSuffix(after, l.delimiter) && l.group(after) == after {
		return behind(after)
	}
	return ""
}

// behind is the least string greater than all that begin with prefix. Keys are
// UTF-8, which has no byte 0xFF.
func behind(prefix string) string { return prefix + "\xff" }

type listResult struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name                  string
	Prefix                keyText
	Marker                *keyText
	NextMarker            keyText `xml:",omitempty"`
	StartAfter            *keyText
	ContinuationToken     *string
	NextContinuationToken string `xml:",omitempty"`
	KeyCount              *int
	MaxKeys               int
	Delimiter             keyText `xml:",omitempty"`
	EncodingType          string  `xml:",omitempty"`
	IsTruncated           bool
	Contents              []listedObject
	CommonPrefixes        []commonPrefix
}

type listedObject struct {
	Key          keyText
	LastModified string
	ETag         string
	listedChecksum
	Size         int64
	StorageClass string
	Owner        *owner
}

// listedChecksum tells what checksum an object has, not its value.
type listedChecksum struct {
	ChecksumAlgorithm string `xml:",omitempty"`
	ChecksumType      string `xml:",omitempty"`
}

// listObjects is ListObjects, and with list-type=2 ListObjectsV2.
//
// Source: S3 API reference, API_ListObjects and API_ListObjectsV2.
func (s *Service) listObjects(rq *request, b *bucket) error {
	l, err := s.listing(rq, b, "max-keys", "s3:ListBucket")
	if err != nil {
		return err
	}
	out := listResult{Name: b.name, Prefix: l.name(l.prefix), Delimiter: l.name(l.delimiter), MaxKeys: l.max, EncodingType: rq.query.Get("encoding-type")}
	v2 := rq.query.Get("list-type") == "2"
	after := rq.query.Get("marker")
	withOwner := !v2 || rq.query.Get("fetch-owner") == "true"
	if v2 {
		if after = rq.query.Get("start-after"); rq.query.Has("start-after") {
			start := l.name(after)
			out.StartAfter = &start
		}
		if rq.query.Has("continuation-token") {
			text := rq.query.Get("continuation-token")
			out.ContinuationToken = &text
			goOn, err := readToken(text)
			if err != nil {
				return err
			}
			after = cmp.Or(goOn, after)
		}
	} else {
		marker := l.name(after)
		out.Marker = &marker
	}
	last := ""
	b.mu.RLock()
	l.walk(&b.index, after, func(key, group string) bool {
		v := b.index.current(key)
		if group == "" && v.marker {
			return true
		}
		if group != "" && !b.anyCurrent(group) {
			return true
		}
		if len(out.Contents)+len(out.CommonPrefixes) == l.max {
			out.IsTruncated = l.max > 0
			return false
		}
		if group != "" {
			last = group
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{l.name(group)})
			return true
		}
		last = key
		o := listedObject{Key: l.name(key), LastModified: isoTime(v.modified), ETag: quote(v.etag), Size: v.size, StorageClass: v.class, listedChecksum: listedChecksum{v.checksum.Algorithm, v.checksum.Kind()}}
		if withOwner {
			o.Owner = &owner{CanonicalUserID(v.owner)}
		}
		out.Contents = append(out.Contents, o)
		return true
	})
	b.mu.RUnlock()
	if v2 {
		n := len(out.Contents) + len(out.CommonPrefixes)
		out.KeyCount = &n
		if out.IsTruncated {
			out.NextContinuationToken = token(last)
		}
	} else if out.IsTruncated && l.delimiter != "" {
		out.NextMarker = l.name(last)
	}
	return rq.answer(http.StatusOK, out)
}

// anyCurrent says whether a key under the prefix is more than delete markers.
// b.mu is held.
func (b *bucket) anyCurrent(prefix string) bool {
	for i := b.index.from(prefix); i < len(b.index.keys) && strings.HasPrefix(b.index.keys[i], prefix); i++ {
		if !b.index.current(b.index.keys[i]).marker {
			return true
		}
	}
	return false
}
