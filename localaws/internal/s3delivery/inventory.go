package s3delivery

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

const inventoryPrincipal = "s3.amazonaws.com"

// manifest is manifest.json.
//
// Source: S3 user guide, storage-inventory-location, "Inventory manifest".
type manifest struct {
	SourceBucket      string         `json:"sourceBucket"`
	DestinationBucket string         `json:"destinationBucket"` // ARN
	Version           string         `json:"version"`
	CreationTimestamp string         `json:"creationTimestamp"` // milliseconds since 1970
	FileFormat        string         `json:"fileFormat"`
	FileSchema        string         `json:"fileSchema"`
	Files             []manifestFile `json:"files"`
}

type manifestFile struct {
	Key         string `json:"key"`
	Size        int    `json:"size"`
	MD5Checksum string `json:"MD5checksum"`
}

// DeliverInventory delivers a report for each enabled inventory configuration,
// whatever its frequency. Its only error is that ctx ended.
func (d *Deliverer) DeliverInventory(ctx context.Context) error {
	d.delivering.Lock()
	defer d.delivering.Unlock()
	for _, i := range d.opt.S3.Inventories() {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.report(i)
	}
	return nil
}

// report uploads the list and then what names it, so that no manifest names a
// list that isn't there:
//
//	PREFIX/SOURCE/ID/data/UNIQUE.csv.gz
//	PREFIX/SOURCE/ID/hive/dt=YYYY-MM-DD-HH-MM/symlink.txt
//	PREFIX/SOURCE/ID/YYYY-MM-DDTHH-MMZ/manifest.json
//	PREFIX/SOURCE/ID/YYYY-MM-DDTHH-MMZ/manifest.checksum
//
// Source: S3 user guide, storage-inventory-location.
func (d *Deliverer) report(i s3.Inventory) {
	started := d.opt.Now().UTC()
	folder := i.Source + "/" + i.ID + "/"
	if i.DestinationPrefix != "" {
		folder = i.DestinationPrefix + "/" + folder
	}
	list := csvReport(i, d.opt.S3.Items(i))
	data := folder + "data/" + strings.ToLower(uniqueString()+uniqueString()) + ".csv.gz"
	description, err := json.MarshalIndent(manifest{
		SourceBucket: i.Source, DestinationBucket: i.DestinationARN, Version: "2016-11-30",
		CreationTimestamp: strconv.FormatInt(started.UnixMilli(), 10), FileFormat: "CSV", FileSchema: strings.Join(schema(i), ", "),
		Files: []manifestFile{{data, len(list), checksum(list)}},
	}, "", "  ")
	if err != nil {
		panic(err) // texts and numbers always have a JSON form
	}
	at := folder + started.Format("2006-01-02T15-04Z") + "/"
	for _, file := range []struct {
		key  string
		body []byte
	}{
		{data, list},
		{folder + "hive/dt=" + started.Format("2006-01-02-15-04") + "/symlink.txt", []byte("s3://" + i.Destination + "/" + data + "\n")},
		{at + "manifest.json", description},
		{at + "manifest.checksum", []byte(checksum(description))},
	} {
		if !d.put(d.inventoryFile(i, file.key, file.body)) {
			return
		}
	}
}

func (d *Deliverer) inventoryFile(i s3.Inventory, key string, body []byte) upload {
	headers := map[string]string{"x-amz-acl": "bucket-owner-full-control"}
	maps.Copy(headers, i.Headers)
	if i.DestinationAccount != "" {
		headers["x-amz-expected-bucket-owner"] = i.DestinationAccount
	}
	return upload{
		service: inventoryPrincipal, source: i.Source, sourceARN: i.SourceARN, account: i.Account, region: i.Region,
		target: i.Destination, key: key, body: body, headers: headers,
	}
}

func checksum(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}
