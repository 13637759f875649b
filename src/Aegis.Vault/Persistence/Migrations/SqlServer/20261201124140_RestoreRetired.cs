using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class RestoreRetired : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ValuesDestroyedAt",
                schema: "vault",
                table: "credentials",
                type: "bigint",
                nullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "SealedValue",
                schema: "vault",
                table: "credential_versions",
                type: "varbinary(max)",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "varbinary(max)");

            migrationBuilder.AlterColumn<string>(
                name: "KekId",
                schema: "vault",
                table: "credential_versions",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldCollation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<long>(
                name: "LeakedAt",
                schema: "vault",
                table: "credential_versions",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_credentials_IsRetired_ValuesDestroyedAt_RetiredAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "IsRetired", "ValuesDestroyedAt", "RetiredAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_credentials_IsRetired_ValuesDestroyedAt_RetiredAt",
                schema: "vault",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "ValuesDestroyedAt",
                schema: "vault",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "LeakedAt",
                schema: "vault",
                table: "credential_versions");

            migrationBuilder.AlterColumn<byte[]>(
                name: "SealedValue",
                schema: "vault",
                table: "credential_versions",
                type: "varbinary(max)",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "varbinary(max)",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "KekId",
                schema: "vault",
                table: "credential_versions",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "",
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldNullable: true,
                oldCollation: "Latin1_General_100_BIN2");
        }
    }
}
