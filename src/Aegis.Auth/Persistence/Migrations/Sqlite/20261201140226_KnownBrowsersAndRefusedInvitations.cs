using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Auth.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class KnownBrowsersAndRefusedInvitations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "RefusedEmail",
                table: "auth_users",
                type: "TEXT",
                maxLength: 254,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "auth_known_browsers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_known_browsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_sent_invitations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_sent_invitations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_auth_known_browsers_ExpiresAt",
                table: "auth_known_browsers",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_known_browsers_TokenHash_UserId",
                table: "auth_known_browsers",
                columns: new[] { "TokenHash", "UserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_known_browsers_UserId",
                table: "auth_known_browsers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_auth_sent_invitations_OrganizationId_SentAt",
                table: "auth_sent_invitations",
                columns: new[] { "OrganizationId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_sent_invitations_SentAt",
                table: "auth_sent_invitations",
                column: "SentAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "auth_known_browsers");

            migrationBuilder.DropTable(
                name: "auth_sent_invitations");

            migrationBuilder.DropColumn(
                name: "RefusedEmail",
                table: "auth_users");
        }
    }
}
