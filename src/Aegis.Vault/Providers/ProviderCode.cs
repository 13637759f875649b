namespace Aegis.Vault.Providers;

/// <summary>Why a provider failed or a value does not work. Each code is explained in docs/vault-providers.md.</summary>
internal static class ProviderCode
{
    /// <summary>The target's address is not one that this installation may call.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>No connection could be opened.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The target's certificate is not trusted, or there is no common TLS version.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The request was sent, and no answer came back.</summary>
    public const string AnswerLost = "answer_lost";

    /// <summary>The target answered that it cannot process requests now.</summary>
    public const string TargetFailing = "target_failing";

    /// <summary>The target answered that there were too many calls.</summary>
    public const string TargetBusy = "target_busy";

    /// <summary>The target's answer is not what the configuration expects.</summary>
    public const string AnswerUnexpected = "answer_unexpected";

    /// <summary>The target's answer is longer than Aegis reads.</summary>
    public const string AnswerTooLarge = "answer_too_large";

    /// <summary>The target does not accept this value as a login.</summary>
    public const string LoginRefused = "login_refused";

    /// <summary>The target does not permit this login at all or from this address, whatever the value.</summary>
    public const string LoginNotPermitted = "login_not_permitted";

    /// <summary>The login has expired, whatever the value.</summary>
    public const string LoginEnded = "login_ended";

    /// <summary>The target rejects this value; another one may be accepted.</summary>
    public const string ValueRejected = "value_rejected";

    /// <summary>The value does not have the form that the configuration names.</summary>
    public const string ValueMalformed = "value_malformed";

    /// <summary>The value cannot be written or sent in the form that this target needs.</summary>
    public const string ValueUnsupported = "value_unsupported";

    /// <summary>The target has another value.</summary>
    public const string ValueDiffers = "value_differs";

    /// <summary>The target refuses the login that Aegis itself uses.</summary>
    public const string AccessRefused = "access_refused";

    /// <summary>The login that Aegis itself uses lacks a permission.</summary>
    public const string PermissionMissing = "permission_missing";

    /// <summary>The database does not exist.</summary>
    public const string DatabaseMissing = "database_missing";

    /// <summary>The user whose password is to be set does not exist.</summary>
    public const string UserMissing = "user_missing";

    /// <summary>A step needs the value in use, and there is none.</summary>
    public const string CurrentMissing = "current_missing";

    /// <summary>The provider's id of the value is not known, so no call can name it.</summary>
    public const string HandleMissing = "handle_missing";

    /// <summary>The credential has no configuration for its provider.</summary>
    public const string ConfigMissing = "config_missing";

    /// <summary>The organization has no connection of the kind that this provider uses.</summary>
    public const string ConnectionMissing = "connection_missing";

    /// <summary>The installation has no folder for files: <c>Vault:EnvRoot</c> is not set.</summary>
    public const string FilesOff = "files_off";

    /// <summary>The path contains a symbolic link or something that is not a folder.</summary>
    public const string PathNotAllowed = "path_not_allowed";

    /// <summary>The file cannot be read or written.</summary>
    public const string FileUnavailable = "file_unavailable";

    /// <summary>Another process keeps the lock of the file's folder.</summary>
    public const string FileLocked = "file_locked";

    /// <summary>A step failed in Aegis itself with an unexpected error.</summary>
    public const string StepBroke = "step_broke";

    /// <summary>A rollback is impossible because making a later value used up this one.</summary>
    public const string ValueUsedUp = "value_used_up";

    /// <summary>The refresh token was refused: a person must grant access again.</summary>
    public const string GrantRefused = "grant_refused";
}
