using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Dicom;

/// <summary>
/// A file after de-identification, with its values by path: "0008,1140/0/0008,1155". Most tests of this folder build a file with
/// <see cref="Part10File"/>, de-identify it here and look at values and report. <see cref="Picture"/> adds pixels. A refused file throws
/// a DicomException.
/// </summary>
internal sealed class Deidentified
{
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(x => (byte)x)];

    private Deidentified(byte[] bytes, InstanceReport report, IReadOnlyDictionary<string, byte[]> values) =>
        (Bytes, Report, Values) = (bytes, report, values);

    public byte[] Bytes { get; }
    public InstanceReport Report { get; }
    public IReadOnlyDictionary<string, byte[]> Values { get; }

    /// <summary>Null when the attribute is absent, "" when it is empty.</summary>
    public string? this[string path] => Values.TryGetValue(path, out var value) ? Encoding.Latin1.GetString(value).Trim(' ', '\0') : null;

    public bool Contains(string text) => Bytes.AsSpan().IndexOf(Encoding.Latin1.GetBytes(text)) >= 0;

    public static Task<Deidentified> From(Part10File file, DeidentificationOptions? options = null) => From(file.ToBytes(), options);

    public static async Task<Deidentified> From(
        byte[] file, DeidentificationOptions? options = null, byte[]? secret = null, string? shiftKey = null)
    {
        using var destination = new MemoryStream();
        var report = await new Deidentifier(secret ?? Secret, options ?? new(), (_, _) => new(shiftKey)).Apply(
            new Trickle(file), destination, default);
        var bytes = destination.ToArray();
        return new(bytes, report, await Read(bytes));
    }

    public static async Task<IReadOnlyDictionary<string, byte[]>> Read(byte[] file)
    {
        using var window = new SourceWindow(new MemoryStream(file));
        var reader = new DicomReader(window, (await FileMeta.Read(window, default)).Syntax);
        var values = new Dictionary<string, byte[]>();
        var path = new List<string>();
        var items = new Stack<int>();
        for (var token = await reader.Next(default); token is not Token.End; token = await reader.Next(default))
        {
            var name = $"{reader.Tag >> 16:X4},{reader.Tag & 0xFFFF:X4}";
            if (token is Token.Element) values[string.Join('/', path.Append(name))] = (await reader.Value(default)).ToArray();
            else if (token is Token.Fragment)
                values[string.Join('/', path.Append($"{Next(items)}"))] = (await reader.Value(default)).ToArray();
            else if (token is Token.SequenceStart or Token.FragmentsStart)
            {
                values[string.Join('/', path.Append(name))] = [];
                path.Add(name);
                items.Push(0);
            }
            else if (token is Token.ItemStart) path.Add($"{Next(items)}");
            else path.RemoveAt(path.Count - 1);
            if (token is Token.SequenceEnd or Token.FragmentsEnd) items.Pop();
        }
        return values;
    }

    private static int Next(Stack<int> items)
    {
        var index = items.Pop();
        items.Push(index + 1);
        return index;
    }

    /// <summary>A stream like a network: forward only, a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        private const int MaxChunk = 1009;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, MaxChunk)], cancellationToken);
    }
}
