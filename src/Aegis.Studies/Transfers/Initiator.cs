using System.Text.Json;

namespace Aegis.Studies.Transfers;

/// <summary>Who or what caused a change of a transfer: a party, the platform, the end of the window, or the meters.</summary>
internal enum Initiator { Consumer, Provider, Platform, Window, Meter }

internal enum DestructionReason { WindowEnd, Manual }

/// <summary>Why a transfer is disputed.</summary>
internal enum DisputeGround
{
    /// <summary>A party raised it. All other grounds are found by comparing meters.</summary>
    RaisedByParty,
    ReceiptDiffers,
    ReceiptExceedsServed,
    ServedInPart,
    NotAcknowledged,
    ExcessEgress,
}

/// <summary>The names of these enum values in events and answers.</summary>
internal static class SnakeNames
{
    public static string SnakeName<TEnum>(this TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
