namespace Aegis.Studies.Fulfilment;

/// <summary>Names of sealed files: each is called after its transfer, so that the sweep needs no list.</summary>
internal static class SealedName
{
    public const string Extension = ".sealed";

    public static string Of(string transferId) => transferId + Extension;

    public static string TransferOf(string fileName) => fileName[..^Extension.Length];
}
