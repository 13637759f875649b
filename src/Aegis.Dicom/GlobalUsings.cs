global using System.Buffers.Binary;
global using System.Collections.Frozen;
global using System.Globalization;
global using System.Text;
global using Aegis.Dicom.Dictionary;
global using Aegis.Dicom.Part10;
global using Aegis.Dicom.Patient;
global using Aegis.Dicom.Pixels;
