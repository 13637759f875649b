# docker build -t aegis .
# Production on SQLite, behind a proxy that ends TLS; put these into a file aegis.env:
#   PublicUrl=https://aegis.example.org
#   Database__Provider=Sqlite
#   ConnectionStrings__Aegis=Data Source=/data/aegis.db;Default Timeout=30
#   Http__AllowPlain=true
# docker run --rm --env-file aegis.env -v aegis-data:/data -v aegis-keys:/keys aegis keys create
# docker run -d -p 127.0.0.1:8012:8012 --env-file aegis.env -v aegis-data:/data -v aegis-keys:/keys aegis
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Aegis.Host -c Release --use-current-runtime --self-contained false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN mkdir /data /keys && chown $APP_UID:$APP_UID /data /keys && chmod 700 /keys
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV DataDirectory=/data \
    Keys__Directory=/keys \
    ASPNETCORE_URLS=http://+:8012 \
    DOTNET_DbgEnableMiniDump=0
EXPOSE 8012
VOLUME ["/data", "/keys"]
ENTRYPOINT ["dotnet", "Aegis.Host.dll"]
