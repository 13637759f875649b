using System.Text.Json;

namespace Aegis.Vault.Rotation;

/// <summary>What makes a credential due for rotation.</summary>
internal enum RotationStrategy { Manual, Scheduled, OnExpiry }

/// <summary>What began a rotation.</summary>
internal enum RotationTrigger { Manual, Emergency, Scheduled, OnExpiry }

/// <summary>Enum members as they are written on the wire.</summary>
internal static class WireWords
{
    public static string Word<TEnum>(this TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Finds the member that is written as this word.</summary>
    public static TEnum? Find<TEnum>(string word)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(v => v.Word() == word).Select(v => (TEnum?)v).FirstOrDefault();

    public static string List<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetValues<TEnum>().Select(v => v.Word()));
}
