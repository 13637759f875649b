namespace Aegis.Cli.Secrets;

/// <summary>Reads secrets from the standard input, byte for byte. Every process of the machine can see command line arguments.</summary>
internal static class SecretInput
{
    private const int MaxBytes = 64 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="StoppedException">The value is empty, too large, or not UTF-8.</exception>
    public static async Task<string> ReadAsync(CommandEnvironment around, CancellationToken ct)
    {
        var value = around.IsTyped ? await TypedAsync(around, ct) : Text(await BytesAsync(around.In, ct));
        return value.Length > 0
            ? value
            : throw new StoppedException(ExitCodes.Usage, "The value is empty. Pipe it in: printf %s \"$SECRET\" | aegis …");
    }

    private static async Task<string> TypedAsync(CommandEnvironment around, CancellationToken ct)
    {
        around.Error.Write("Value (end with Enter): ");
        return await around.ReadLineAsync(ct) ?? "";
    }

    private static async Task<byte[]> BytesAsync(Stream from, CancellationToken ct)
    {
        var buffer = new byte[MaxBytes + 1];
        var read = await from.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return read <= MaxBytes ? buffer[..read] : throw new StoppedException(ExitCodes.Usage, "A value has at most 64 KiB.");
    }

    /// <summary>Bytes that are not UTF-8 would change when they are read back, so they are refused.</summary>
    private static string Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new StoppedException(
                ExitCodes.Usage, "The value is not UTF-8 text. Store binary files in base64: base64 < keystore.jks | aegis …");
        }
    }
}
