using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Auth.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class KnownBrowsersAndRefusedInvitations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "RefusedEmail",
                schema: "auth",
                table: "users",
                type: "nvarchar(254)",
                maxLength: 254,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.CreateTable(
                name: "known_browsers",
                schema: "auth",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    UserId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    TokenHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    Failures = table.Column<int>(type: "int", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_known_browsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "sent_invitations",
                schema: "auth",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Email = table.Column<string>(type: "nvarchar(254)", maxLength: 254, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SentAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sent_invitations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_known_browsers_ExpiresAt",
                schema: "auth",
                table: "known_browsers",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_known_browsers_TokenHash_UserId",
                schema: "auth",
                table: "known_browsers",
                columns: new[] { "TokenHash", "UserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_known_browsers_UserId",
                schema: "auth",
                table: "known_browsers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_sent_invitations_OrganizationId_SentAt",
                schema: "auth",
                table: "sent_invitations",
                columns: new[] { "OrganizationId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_sent_invitations_SentAt",
                schema: "auth",
                table: "sent_invitations",
                column: "SentAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_browsers",
                schema: "auth");

            migrationBuilder.DropTable(
                name: "sent_invitations",
                schema: "auth");

            migrationBuilder.DropColumn(
                name: "RefusedEmail",
                schema: "auth",
                table: "users");
        }
    }
}
