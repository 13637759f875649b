using System.Reflection;
using System.Runtime.InteropServices;

namespace Aegis.Interop.Tests.Signing;

/// <summary>Ed25519 from OpenSSL's libcrypto.</summary>
internal static partial class LibCrypto
{
    private const string Library = "libcrypto";
    private const int Ed25519 = 1087; // NID_ED25519

    static LibCrypto() => NativeLibrary.SetDllImportResolver(
        Assembly.GetExecutingAssembly(),
        (name, _, _) => name == Library && NativeLibrary.TryLoad("libcrypto.so.3", out var handle) ? handle : 0);

    public static bool IsInstalled => NativeLibrary.TryLoad("libcrypto.so.3", out _);

    public static byte[] PublicKey(byte[] seed) => With(PrivateKey(seed), key =>
    {
        var (bytes, length) = (new byte[32], (nuint)32);
        Check(GetRawPublicKey(key, bytes, ref length));
        return bytes;
    });

    public static byte[] Sign(byte[] seed, byte[] message) => With(PrivateKey(seed), key => InContext(context =>
    {
        var (signature, length) = (new byte[64], (nuint)64);
        Check(DigestSignInit(context, 0, 0, 0, key));
        Check(DigestSign(context, signature, ref length, message, (nuint)message.Length));
        return signature;
    }));

    /// <summary>Also false for keys that cannot be loaded.</summary>
    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature) =>
        With(NewPublicKey(Ed25519, 0, publicKey, (nuint)publicKey.Length), key =>
        key != 0 && InContext(context =>
            DigestVerifyInit(context, 0, 0, 0, key) == 1
            && DigestVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1));

    private static nint PrivateKey(byte[] seed) => NewPrivateKey(Ed25519, 0, seed, (nuint)seed.Length);

    private static T With<T>(nint key, Func<nint, T> use)
    {
        try
        {
            return use(key);
        }
        finally
        {
            FreeKey(key);
        }
    }

    private static T InContext<T>(Func<nint, T> use)
    {
        var context = NewContext();
        try
        {
            return use(context);
        }
        finally
        {
            FreeContext(context);
        }
    }

    private static void Check(int result) => result.Should().Be(1, "libcrypto should succeed");

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivateKey(int type, nint engine, byte[] key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewPublicKey(int type, nint engine, byte[] key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetRawPublicKey(nint pkey, byte[] key, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint pkey);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    private static partial int DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint pkey);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    private static partial int DigestSign(nint context, byte[] signature, ref nuint signatureLength, byte[] message, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint pkey);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    private static partial int DigestVerify(nint context, byte[] signature, nuint signatureLength, byte[] message, nuint length);
}
