namespace Aegis.Vault.Providers.Database;

/// <summary>A user name and a password. <c>ToString</c> gives three stars.</summary>
internal sealed record DatabaseLogin(string Username, string Password)
{
    public override string ToString() => "***";
}

/// <summary>
/// The database and the users whose passwords are rotated. It contains the admin's password: <c>ToString</c> gives three stars.
/// </summary>
internal sealed record DatabaseSettings(
    string Engine, string Host, int Port, string Database, string Username, string? Alternate, DatabaseLogin? Admin, string Format,
    string Tls, string? Authorities, bool IsContained)
{
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";
    public const string VerifyFull = "verify-full";
    public const string Require = "require";
    public const string Disable = "disable";
    private const int MaxLetters = 63; // PostgreSQL silently truncates longer names

    public static readonly ConfigShape Shape = new(
        [
            new ChoiceField("engine", "Which database it is.", [Postgres, SqlServer], Required: true),
            new TextField("host", "Name or address of the server.", Required: true, MaxLength: 253),
            new WholeField("port", "Its port; default 5432 or 1433.", 1, 65535),
            new TextField("database", "Database to log in to; default postgres or master.", MaxLength: MaxLetters),
            new TextField("username", "The user whose password is rotated.", Required: true, MaxLength: MaxLetters),
            new TextField("alternate_username",
                "A second user with the same rights: rotation alternates between the two, so that the old value still works for a while.",
                MaxLength: MaxLetters),
            new TextField("admin_username", "A user who may change the others' passwords. Without it, the user changes its own.",
                MaxLength: MaxLetters),
            new TextField("admin_password", "The admin's password.", IsSecret: true),
            new ChoiceField("value_format",
                "The form of the value: the password, a JSON object or a URI; default password.",
                ["password", "json", "uri"]),
            new ChoiceField(
                "tls", "verify-full checks certificate and name, require only encrypts, disable does neither; default verify-full.",
                [VerifyFull, Require, Disable]),
            new TextField("ca_certificate", "PEM of the certificate authorities to trust instead of the system's.", MaxLength: 20_000,
                Lines: true),
            new SwitchField("contained", "SQL Server: the users are contained in the database instead of logins of the server."),
        ],
        CheckTogether);

    public bool Alternates => Alternate is not null;

    /// <summary>Reads a configuration that <see cref="Shape"/> has checked.</summary>
    public static DatabaseSettings From(JsonObject config)
    {
        string? Text(string name) => config[name]?.GetValue<string>();
        var engine = Text("engine")!;
        return new DatabaseSettings(
            engine, Text("host")!, config["port"]?.GetValue<int>() ?? (engine == Postgres ? 5432 : 1433),
            Text("database") ?? (engine == Postgres ? "postgres" : "master"),
            Text("username")!, Text("alternate_username"),
            Text("admin_username") is { } admin ? new DatabaseLogin(admin, Text("admin_password") ?? "") : null,
            Text("value_format") ?? "password", Text("tls") ?? VerifyFull, Text("ca_certificate"),
            config["contained"]?.GetValue<bool>() ?? false);
    }

    /// <summary>The other one of the two users.</summary>
    public string Other(string username) => username == Username ? Alternate! : Username;

    /// <summary>The value that users of the credential get.</summary>
    public HeldValue Write(DatabaseLogin login) => new(
        Format switch
        {
            "json" => new JsonObject
            {
                ["engine"] = Engine,
                ["host"] = Host,
                ["port"] = Port,
                ["dbname"] = Database,
                ["username"] = login.Username,
                ["password"] = login.Password,
            }.ToJsonString(),
            "uri" =>
                $"{(Engine == Postgres ? "postgresql" : "sqlserver")}://{Uri.EscapeDataString(login.Username)}:{Uri.EscapeDataString(login.Password)}@{UriHost}:{Port}"
                + (Engine == Postgres ? $"/{Uri.EscapeDataString(Database)}" : $"?database={Uri.EscapeDataString(Database)}"),
            _ => login.Password,
        },
        Handle: login.Username);

    /// <summary>
    /// The login in a value. The address of the database comes only from the configuration, so that no value can redirect the connection.
    /// </summary>
    public DatabaseLogin Read(HeldValue value)
    {
        if (Format == "password") return new DatabaseLogin(Username, value.Value);
        var login = Format == "json" ? FromJson(value.Value) : FromUri(value.Value);
        return login is not null && (login.Username == Username || login.Username == Alternate)
            ? login
            : throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.ValueMalformed,
                $"The value does not have the value_format {Format}, or its user is not one of the configured users.");
    }

    public override string ToString() => "***";

    private string UriHost => Host.Contains(':') ? $"[{Host}]" : Host;

    private static DatabaseLogin? FromJson(string value)
    {
        try
        {
            var parsed = JsonNode.Parse(value) as JsonObject;
            return parsed?["username"]?.GetValue<string>() is { } name && parsed["password"]?.GetValue<string>() is { } password
                ? new DatabaseLogin(name, password)
                : null;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static DatabaseLogin? FromUri(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.UserInfo.Split(':', 2) is [var name, var password]
            ? new DatabaseLogin(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
            : null;

    private static void CheckTogether(JsonObject config, ConfigErrors errors)
    {
        var settings = From(config);
        if (!Uri.CheckHostName(settings.Host.Trim('[', ']')).Equals(UriHostNameType.Dns)
            && !System.Net.IPAddress.TryParse(settings.Host, out _))
            errors.AddMember("host", "host must be a name or an address, without port and scheme.");
        if (settings.Alternate == settings.Username) errors.AddMember("alternate_username", "The two users must differ.");
        if (settings.Alternates && settings.Format == "password")
            errors.AddMember("value_format", "With two users, the value must contain the user: use json or uri.");
        if (settings.Alternates && settings.Admin is null)
            errors.AddMember("admin_username", "Two users require an admin, who sets their passwords.");
        if (settings.Admin is { Password: "" }) errors.AddMember("admin_password", "admin_username requires admin_password.");
        if (settings.Admin is { } admin && (admin.Username == settings.Username || admin.Username == settings.Alternate))
            errors.AddMember("admin_username",
                "The admin must be another user. To let the user change its own password, leave admin_username out.");
        if (settings.Admin is null && config["admin_password"] is not null)
            errors.AddMember("admin_username", "admin_password requires admin_username.");
        if (settings.Authorities is not null && (settings.Tls != VerifyFull || settings.Engine != Postgres))
            errors.AddMember("ca_certificate", "ca_certificate is for engine postgres with tls verify-full.");
        if (settings.Authorities is not null && !PostgresTls.IsReadable(settings.Authorities))
            errors.AddMember("ca_certificate", "ca_certificate must contain certificates in PEM.");
        if (settings.IsContained && settings.Engine != SqlServer) errors.AddMember("contained", "contained is for SQL Server.");
    }
}
