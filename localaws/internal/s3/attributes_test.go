package s3

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestPartsOfAnObject: GetObjectAttributes lists them in pages if the upload
// named an algorithm, else it only counts them.
//
// Source: S3 API reference, API_GetObjectAttributes and
// API_GetObjectAttributesParts.
func TestPartsOfAnObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	parts := [][]byte{bytes.Repeat([]byte("x"), minPart), bytes.Repeat([]byte("y"), minPart+1), []byte("z")}
	for key, create := range map[string]map[string]string{"/sums/named": {"x-amz-checksum-algorithm": "SHA1"}, "/sums/plain": nil} {
		query, list := w.inParts(key, create, parts...)
		if a := w.send(w.tls, "POST", key+query, list, nil); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	listed := func(numbers ...int) string {
		var b strings.Builder
		for _, n := range numbers {
			fmt.Fprintf(&b, "<Part><PartNumber>%d</PartNumber><Size>%d</Size><ChecksumSHA1>%s</ChecksumSHA1></Part>", n, len(parts[n-1]), sumOf("SHA1", parts[n-1]))
		}
		return b.String()
	}
	page := func(after, next int, most string, truncated bool, list string) string {
		return fmt.Sprintf("<PartsCount>3</PartsCount><PartNumberMarker>%d</PartNumberMarker><NextPartNumberMarker>%d</NextPartNumberMarker>"+
			"<MaxParts>%s</MaxParts><IsTruncated>%v</IsTruncated>%s", after, next, most, truncated, list)
	}
	for _, c := range []struct{ key, most, after, want string }{
		{"/sums/named", "", "", page(0, 3, "1000", false, listed(1, 2, 3))},
		{"/sums/named", "2", "", page(0, 2, "2", true, listed(1, 2))},
		{"/sums/named", "2", "2", page(2, 3, "2", false, listed(3))},
		{"/sums/named", "5000", "1", page(1, 3, "5000", false, listed(2, 3))},
		{"/sums/named", "", "10000", page(10000, 10000, "1000", false, "")},
		{"/sums/named", "0", "", page(0, 0, "0", false, "")},
		{"/sums/plain", "1", "", "<PartsCount>3</PartsCount>"},
	} {
		header := map[string]string{"x-amz-object-attributes": "Checksum,ObjectParts"}
		for name, value := range map[string]string{"x-amz-max-parts": c.most, "x-amz-part-number-marker": c.after} {
			if value != "" {
				header[name] = value
			}
		}
		a := w.send(w.tls, "GET", c.key+"?attributes", "", header)
		if want := "<ObjectParts>" + c.want + "</ObjectParts>"; a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%v: %d %s, want %s", c, a.status, a.body, want)
		}
		sum := "<ChecksumCRC64NVME>" + sumOf("CRC64NVME", parts...) + "</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT"
		if c.key == "/sums/named" { // without the number of parts behind
			sum = "<ChecksumSHA1>" + strings.TrimSuffix(compositeOf("SHA1", parts...), "-3") + "</ChecksumSHA1><ChecksumType>COMPOSITE"
		}
		if !strings.Contains(a.body, sum) {
			t.Errorf("%v: %s, want %s", c, a.body, sum)
		}
	}
	for _, name := range []string{"x-amz-max-parts", "x-amz-part-number-marker"} {
		for _, value := range []string{"-1", "x", "99999999999"} {
			a := w.send(w.tls, "GET", "/sums/named?attributes", "", map[string]string{"x-amz-object-attributes": "ObjectParts", name: value})
			if a.status != 400 || a.err.Code != "InvalidArgument" || a.err.ArgumentName != name {
				t.Errorf("%s %s: %d %+v", name, value, a.status, a.err)
			}
		}
	}
	// Lists of the upload tell what it named.
	query, _ := w.inParts("/sums/open", map[string]string{"x-amz-checksum-algorithm": "SHA1"}, parts[2])
	const named = "<ChecksumAlgorithm>SHA1</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>"
	for path, want := range map[string]string{"/sums/open" + query: "<ChecksumSHA1>" + sumOf("SHA1", parts[2]), "/sums?uploads": ""} {
		if a := w.send(w.tls, "GET", path, "", nil); !strings.Contains(a.body, named) || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}
