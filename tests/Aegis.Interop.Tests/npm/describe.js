// Prints one JSON line for each DICOM file: whose it is, and the picture as daikon decodes it.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const daikon = require('daikon');

function picture(image) {
    try {
        const raw = image.getRawData(false);
        return crypto.createHash('sha256').update(new Uint8Array(raw)).digest('hex');
    } catch (error) {
        return 'cannot decode';
    }
}

for (const path of process.argv.slice(2)) {
    const bytes = new Uint8Array(fs.readFileSync(path)).buffer; // daikon reads a buffer from its beginning
    const image = daikon.Series.parseImage(new DataView(bytes));
    const text = (group, element) => {
        const tag = image && image.getTag(group, element);
        return tag && tag.value ? String(tag.value) : '';
    };
    console.log(JSON.stringify(image === null ? { parsed: false } : {
        parsed: true,
        patientName: text(0x0010, 0x0010),
        patientIdentityRemoved: text(0x0012, 0x0062),
        rows: image.getRows(),
        columns: image.getCols(),
        picture: image.hasPixelData() ? picture(image) : 'none',
    }));
}
