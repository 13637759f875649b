using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class RestoreRetired : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ValuesDestroyedAt",
                table: "vault_credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "SealedValue",
                table: "vault_credential_versions",
                type: "BLOB",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AlterColumn<string>(
                name: "KekId",
                table: "vault_credential_versions",
                type: "TEXT",
                maxLength: 64,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64);

            migrationBuilder.AddColumn<long>(
                name: "LeakedAt",
                table: "vault_credential_versions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_IsRetired_ValuesDestroyedAt_RetiredAt",
                table: "vault_credentials",
                columns: new[] { "IsRetired", "ValuesDestroyedAt", "RetiredAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_vault_credentials_IsRetired_ValuesDestroyedAt_RetiredAt",
                table: "vault_credentials");

            migrationBuilder.DropColumn(
                name: "ValuesDestroyedAt",
                table: "vault_credentials");

            migrationBuilder.DropColumn(
                name: "LeakedAt",
                table: "vault_credential_versions");

            migrationBuilder.AlterColumn<byte[]>(
                name: "SealedValue",
                table: "vault_credential_versions",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "BLOB",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "KekId",
                table: "vault_credential_versions",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64,
                oldNullable: true);
        }
    }
}
