namespace Aegis.Kernel.Json;

/// <summary>Names of enum members on the wire.</summary>
public static class WireWords
{
    public static string WireName<TEnum>(this TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Finds the member with this wire name.</summary>
    public static TEnum? Find<TEnum>(string word)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(v => v.WireName() == word).Select(v => (TEnum?)v).FirstOrDefault();

    public static string List<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetValues<TEnum>().Select(v => v.WireName()));
}
